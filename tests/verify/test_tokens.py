"""The smallest pieces of an answer that may calculate."""

from pellucid.agent.reading.tokens import tokens


def test_a_raised_number_is_an_exponent_only_behind_something() -> None:
    assert "raised" in [token.name for token in tokens("3² = 9")]
    alone = [token for token in tokens("3 ² = 9") if token.text == "²"]
    assert [token.kind for token in alone] == ["other"]
