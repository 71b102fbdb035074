"""A model behind any endpoint that speaks OpenAI's protocol, answering piece by piece.

Not a program of its own: `mixture` and `chat_sessions` talk to their models by it. Whatever can go
wrong on the way (no connection, a refusal, a stream that breaks off or is no JSON) is an
`EndpointError` of one line. What has not begun to stream is tried again by the client, after the
time that the endpoint asks for.
"""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Self

from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam

type Chat = Sequence[ChatCompletionMessageParam]

OPENAI = "https://api.openai.com/v1"


class EndpointError(Exception):
    """A model did not answer, or not to the end."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model of an endpoint. Its `reply` is an agent, from a chat to pieces of text."""

    name: str
    client: AsyncOpenAI = field(repr=False)

    async def reply(self, chat: Chat) -> AsyncGenerator[str]:
        """The answer to a chat, as it comes. Raises `EndpointError`."""
        said, ended = False, False
        try:
            async with await self.client.chat.completions.create(
                model=self.name, messages=chat, stream=True
            ) as chunks:
                async for chunk in chunks:
                    for choice in chunk.choices:
                        if choice.delta.content:
                            said = True
                            yield choice.delta.content
                        ended = ended or choice.finish_reason is not None
        except APIStatusError as error:
            raise EndpointError(f"the endpoint refuses: {error.message}") from error
        except APIConnectionError as error:
            why = str(error.__cause__ or "") or error.message
            raise EndpointError(f"{self.client.base_url} is out of reach: {why}") from error
        except APIError as error:  # which came in the stream
            raise EndpointError(f"the endpoint gave up: {error.message}") from error
        except (ValueError, TypeError, AttributeError) as error:  # the client does not validate
            raise EndpointError(f"the endpoint sent what is no chunk: {error}") from error
        if not ended:
            raise EndpointError("the stream broke off before the answer was complete")
        if not said:
            raise EndpointError("the answer is empty")


class Endpoint(AsyncOpenAI):
    """A client, made of the options of a command line and the environment."""

    @staticmethod
    def add_options(parser: ArgumentParser) -> None:
        """Let a command line say where the endpoint is."""
        options = parser.add_argument_group("endpoint")
        options.add_argument(
            "--base-url",
            default=os.environ.get("OPENAI_BASE_URL") or OPENAI,
            metavar="URL",
            help="where the endpoint is (default: OPENAI_BASE_URL, or %(default)s)",
        )
        options.add_argument(
            "--api-key",
            default=os.environ.get("OPENAI_API_KEY"),
            metavar="KEY",
            help="its key (default: OPENAI_API_KEY, which a list of processes does not show)",
        )
        options.add_argument(
            "--retries",
            type=int,
            default=2,
            metavar="N",
            help="ask again so often where nothing has been streamed yet (default: %(default)s)",
        )

    @classmethod
    def of(cls, parser: ArgumentParser, options: Namespace) -> Self:
        """The client; a usage error if there is no key for an endpoint that needs one."""
        if not options.api_key and options.base_url == OPENAI:
            parser.error("no key: set OPENAI_API_KEY, or name an endpoint without one (--base-url)")
        if options.retries < 0:
            parser.error("--retries: at least 0")
        # A local endpoint takes any key, but the client wants one.
        return cls(
            base_url=options.base_url,
            api_key=options.api_key or "none",
            max_retries=options.retries,
        )
