"""What a page shows after its scripts have run, as a page that shows the same without any.

These scripts run in a world of their own beside those of the page, which cannot change what they
call; names of forms and pictures that hide properties of elements are passed by.
"""

LOOK = """(() => {
  const root = Document.prototype.__lookupGetter__('documentElement').call(document);
  const text = Node.prototype.__lookupGetter__('textContent').call(root) || '';
  const all = Document.prototype.getElementsByTagName.call(document, '*');
  const state = document.readyState + ' ' + text.length + ' ' + all.length;
  return {state, elements: all.length};
})()"""
"""What changes while a page is still being made, and how many elements it has."""

WORDS = """(() => {
  const body = Document.prototype.__lookupGetter__('body').call(document);
  const shown = HTMLElement.prototype.__lookupGetter__('innerText');
  return {characters: body ? (shown.call(body) || '').length : 0};
})()"""
"""How many characters a page shows."""

_STYLES = """
const number = (value) => parseFloat(value) || 0;
const styleOf = (e, cs, outer) => {
  if (cs.display === 'none') return 'display:none';
  let s = '';
  const say = (name, value) => { if (value.length < 300) s += name + ':' + value + ';'; };
  const differs = (name, initial) => {
    const value = cs.getPropertyValue(name);
    if (value !== (outer ? outer.getPropertyValue(name) : initial)) say(name, value);
  };
  differs('visibility', 'visible');
  differs('font-size', '16px');
  differs('color', 'rgb(0, 0, 0)');
  if (Element.prototype.hasAttribute.call(e, 'hidden') || e instanceof HTMLDialogElement)
    say('display', cs.display);
  for (const [name, usual] of [['opacity', '1'], ['filter', 'none'], ['clip-path', 'none'],
      ['scale', 'none'], ['content-visibility', 'visible']])
    if (cs.getPropertyValue(name) !== usual) say(name, cs.getPropertyValue(name));
  if (cs.webkitTextFillColor !== cs.color) say('-webkit-text-fill-color', cs.webkitTextFillColor);
  if (cs.backgroundColor !== 'rgba(0, 0, 0, 0)') say('background-color', cs.backgroundColor);
  if (cs.backgroundImage !== 'none') say('background-image', 'url(x)');
  if (cs.backgroundClip === 'text') say('background-clip', 'text');
  if (cs.position !== 'static') {
    say('position', cs.position);
    for (const name of ['left', 'top', 'clip'])
      if (cs.getPropertyValue(name) !== 'auto') say(name, cs.getPropertyValue(name));
  }
  for (const name of ['text-indent', 'margin-left', 'margin-top'])
    if (number(cs.getPropertyValue(name)) <= -900) say(name, cs.getPropertyValue(name));
  if (cs.transform !== 'none') {
    const m = new DOMMatrixReadOnly(cs.transform);
    const flat = Math.abs(m.a * m.d - m.b * m.c) < 0.001;
    say('transform', flat ? 'scale(0)' : `translate(${m.e}px,${m.f}px)`);
  }
  if (/hidden|clip/.test(cs.overflow) && [cs.width, cs.height].some(v => v !== 'auto'
      && number(v) <= 1)) { say('overflow', 'hidden'); say('width', '0px'); }
  return s;
};
"""

SNAPSHOT = (
    "((most, longest) => {"
    + _STYLES
    + r"""
const own = (name, proto) => Object.getOwnPropertyDescriptor(proto, name).get;
const parentOf = own('parentNode', Node.prototype), rootOf = own('shadowRoot', Element.prototype);
const root = own('documentElement', Document.prototype).call(document);
const attribute = (e, name) => Element.prototype.getAttribute.call(e, name) || '';
const parts = [root], shadows = [];
let count = 0;
const walk = (all) => {
  count += all.length;
  if (count > most) return;
  for (const e of all) {
    parts.push(e);
    const inner = rootOf.call(e);
    if (inner) { shadows.push([e, inner]); walk(inner.querySelectorAll('*')); }
  }
};
walk(Element.prototype.querySelectorAll.call(root, '*'));
if (count > most) return {error: `has more than ${most.toLocaleString('en')} elements`};
const looks = new Map(), styles = [];
for (const e of parts) {
  const cs = getComputedStyle(e), up = parentOf.call(e);
  looks.set(e, cs);
  styles.push(styleOf(e, cs, looks.get(up instanceof ShadowRoot ? up.host : up)));
}
parts.forEach((e, n) => {
  if (styles[n]) Element.prototype.setAttribute.call(e, 'style', styles[n]);
  else Element.prototype.removeAttribute.call(e, 'style');
});
for (const e of parts) {
  const name = own('localName', Element.prototype).call(e);
  const data = name === 'script' && /ld\+json/i.test(attribute(e, 'type'));
  const sheet = name === 'link' && /stylesheet/i.test(attribute(e, 'rel'));
  if (sheet || (!data && ['script', 'style', 'noscript', 'template', 'iframe'].includes(name)))
    Element.prototype.remove.call(e);
}
for (const [host, inner] of shadows.reverse()) {
  for (const slot of inner.querySelectorAll('slot'))
    slot.replaceWith(...(slot.assignedNodes().length ? slot.assignedNodes() : slot.childNodes));
  Element.prototype.replaceChildren.call(host, ...inner.childNodes);
}
const html = own('outerHTML', Element.prototype).call(root);
return html.length > longest ? {error: `has ${html.length.toLocaleString('en')} characters`}
  : {html};
})"""
)
"""A page's elements as they look: the styles that its sheets give them are written to each, trees
in their shadow stand where they are shown, and what is no text is gone."""
