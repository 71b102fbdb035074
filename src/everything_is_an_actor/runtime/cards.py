"""`AgentCard`: what an agent says of itself, under the name `__card__`, to be found by it."""

from dataclasses import dataclass

from everything_is_an_actor.algebra.arguments import callable_name, need_label, shown


@dataclass(frozen=True, slots=True, init=False)
class AgentCard:
    """Name, description, skills and version of an agent: an attribute `__card__` of its class.

    Or of its function, if it is an `async def`. After the agent card of the Agent2Agent protocol,
    which lists `skills` by what they are called. A list of skills becomes a tuple. Raises
    `TypeError` or `ValueError` for what is not text, or a name, skill or version that is empty.

    >>> AgentCard("summariser", skills=["summarise", "translate"])
    AgentCard(name='summariser', description='', skills=('summarise', 'translate'), version='1.0.0')
    """

    name: str
    description: str
    skills: tuple[str, ...]
    version: str

    def __init__(
        self,
        name: str,
        description: str = "",
        skills: tuple[str, ...] | list[str] = (),
        version: str = "1.0.0",
    ) -> None:
        need_label("AgentCard", "name", name)
        if not isinstance(description, str):
            raise TypeError(f"AgentCard: description must be a str, got {shown(description)}")
        if not isinstance(skills, tuple | list):
            raise TypeError(
                "AgentCard: skills must be a tuple of str, as in skills=('summarise',), "
                f"got {shown(skills)}"
            )
        for skill in skills:
            need_label("AgentCard", "a skill", skill)
        need_label("AgentCard", "version", version)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "skills", tuple(skills))
        object.__setattr__(self, "version", version)


def need_card(where: str, leaf: object) -> AgentCard | None:
    """What `leaf` says of itself, if it does. Raises `TypeError`."""
    card = getattr(leaf, "__card__", None)
    if card is not None and not isinstance(card, AgentCard):
        raise TypeError(
            f"{where}: __card__ of {callable_name(leaf)} must be an AgentCard, as in "
            f"AgentCard('name', skills=('skill',)), got {shown(card)}"
        )
    return card
