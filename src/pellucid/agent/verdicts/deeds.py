"""What verbs in the first person claim: words, work on paper, or a deed outside of both.

A closed world: a model writes and thinks, and does nothing else unless the record shows it. So
the harmless verbs are listed, and every other verb claims a deed.
"""

from typing import Literal

from pellucid.agent.reading.prose import word_set

Kind = Literal["said", "worked", "checked", "done"]
"""said: speech, thought, being, composition, harmless whatever follows; worked: what can be done
on paper, unless a device or a place outside is named; checked: a check of something; done:
anything else."""

SAID = word_set(
    """
    abbreviate accept acknowledge adapt add_emphasis address adjust admit adopt advance advise
    agree aim allow allude alphabetise alphabetize annotate answer anticipate apologise
    apologize appear appreciate argue arrange ask aspire assert assign assume attempt attribute
    avoid balance base be become begin believe bet blame bold break bring bullet call can
    capitalize care cast categorise categorize caution center centre change choose cite claim
    clarify cluster code collapse combine comment comply compose comprehend conceive concentrate
    conclude condense conflate confuse consider construct continue convey correct cover craft
    create credit cut debate decide declare dedicate define delete demonstrate derive_from
    describe deserve design detail discuss dislike distinguish divide_up do document doubt draft
    draw drop echo edit elaborate embed emphasise emphasize end enjoy enumerate envision err
    exaggerate expand expect explain explore express extend fabricate factor_in fail fall
    fashion favor favour feel fill finish fix flag focus follow forget formalize format
    formulate frame generate get give gloss go group guess hallucinate handle hate have hear
    hesitate highlight hint hold hope hypothesize ignore illustrate imagine imply improve
    include incorporate indent indicate infer inform insert integrate intend interpret introduce
    invent italicize justify keep know label lack lay lead leave let like limit link list lose
    love maintain make mark mean mention merge misinterpret mislead misread misremember miss
    misspeak misstate mistake misunderstand mix model modify move name narrow need neglect nest
    note notice number offer omit opt order_by organise organize outline overlook oversimplify
    owe paraphrase paste perceive phrase pick picture place plan point polish pose postulate
    predict prefer prefix prepare present preserve presume pretend prioritize produce program
    promise pronounce propose propound provide pull_together punctuate put quote rank reach
    realise realize rearrange reason recall recast recognise recognize recommend reconsider
    reduce refactor refer refine reflect reformat reformulate refuse regard regret reiterate
    relate rely remain remember remind remove rename reorder reorganize repeat rephrase replace
    replicate_in reply reply_with request require resist resort respect respond restate
    restructure retain reuse reverse revise reword rewrite say scope see seem select separate
    serve set settle shape shift shorten show sign simplify sit sketch skip soften sort space
    speak specify speculate spell split stand start state stay stick stop strengthen stress
    strive structure struggle style submit_that suggest suit summarise summarize suppose suspect
    swap tag tailor take talk target tell tend term thank think tidy tighten title touch trade
    transform translate transpose treat trim trust try turn underestimate underline understand
    unify update use_care value vary view vote wait_for want warn weave welcome widen wish
    wonder word work worry wrap write yield
    """
)

WORKED = word_set(
    """
    account add analyse analyze apply approach approximate arrive average borrow build calculate
    cancel carry classify collect compare complete compute consider convert count cross
    cross-multiply deal decompose deduce derive determine differentiate discover distribute
    divide eliminate employ encode establish estimate evaluate examine expand expect extract
    extrapolate factor figure find gather get group identify infer integrate interpolate isolate
    know learn leverage look manipulate map match multiply observe obtain parse pass pick prove
    read rearrange reckon reduce regroup rely resolve round rule see sift simplify solve sort
    spot square substitute subtract sum switch tally total trace transcribe translate understand
    use utilise utilize weigh work
    """
)

CHECKED = word_set(
    """
    audit check check-up confirm corroborate cross-check cross-reference crosscheck double-check
    doublecheck ensure fact-check inspect proofread re-check re-verify recheck reverify review
    scrutinize spot-check substantiate test triple-check validate verify vet
    """
)

STRONG = word_set(
    """
    access attach benchmark book browse call check click commit compile confirm connect consult
    contact cross-check curl debug deploy double-check download email execute export fetch
    forward google inspect install listen measure message monitor notify open phone photograph
    ping plot profile purchase push query re-run record rerun research run save scan search send
    submit test time track upload validate verify visit watch
    """
)
"""Verbs that claim a deed without "I" before them too: "and ran it", "Checked it twice."."""

BROUGHT_ABOUT = word_set(
    """
    activate add cancel complete create delete disable enable order pay place post publish remove
    schedule transfer update
    """
)
"""What is done to something of the user's, when that is said of it: "It has been posted"."""

_FORMS = word_set(
    """
    be:was,were,been begin:began,begun break:broke,broken bring:brought build:built buy:bought
    catch:caught choose:chose,chosen come:came cut:cut do:did,done draw:drew,drawn
    drink:drank,drunk drive:drove,driven eat:ate,eaten fall:fell,fallen feed:fed feel:felt
    fight:fought find:found fly:flew,flown forget:forgot,forgotten get:got,gotten
    give:gave,given go:went,gone grow:grew,grown have:had hear:heard hit:hit hold:held keep:kept
    know:knew,known lay:laid lead:led learn:learnt leave:left lend:lent let:let lose:lost
    make:made mean:meant meet:met mislead:misled misspeak:misspoke,misspoken
    mistake:mistook,mistaken misunderstand:misunderstood pay:paid put:put re-run:re-ran
    read:read reread:reread rerun:reran rewrite:rewrote,rewritten ride:rode,ridden
    ring:rang,rung rise:rose,risen run:ran,run say:said see:saw,seen seek:sought sell:sold
    send:sent set:set shake:shook,shaken shoot:shot show:showed,shown sing:sang,sung sit:sat
    sleep:slept speak:spoke,spoken spell:spelt spend:spent split:split stand:stood
    steal:stole,stolen stick:stuck swim:swam,swum take:took,taken teach:taught tell:told
    think:thought throw:threw,thrown understand:understood undo:undid,undone wake:woke,woken
    wear:wore,worn win:won write:wrote,written
    """
)
IRREGULAR = {
    form: verb
    for verb, forms in (pair.split(":") for pair in sorted(_FORMS))
    for form in forms.split(",")
}

_ADJECTIVES = word_set(
    "indeed need feed seed speed breed exceed proceed succeed embed need bed red"
)


def lemmas(form: str) -> frozenset[str]:
    """The verbs that a past form or one in -ing may belong to; none for other words."""
    word = form.lower()
    if word in IRREGULAR:
        return frozenset({IRREGULAR[word]})
    if word in _ADJECTIVES or len(word) < 4:
        return frozenset()
    for ending in ("ied", "ed", "ing"):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if ending == "ied":
                return frozenset({stem + "y", stem + "ie"})
            undoubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
            return frozenset({stem, stem + "e", undoubled})
    return frozenset()


def kind(form: str) -> Kind | None:
    """What a verb's past form or one in -ing claims; None for what is no such form."""
    found = lemmas(form)
    if not found:
        return None
    if found & CHECKED:
        return "checked"
    if found & WORKED:
        return "worked"
    return "said" if found & SAID else "done"
