"""Asks a language model for search terms, over any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from planning import LIMIT
from research_brief import Plan

_TASK = """\
You plan a full-text search over the State of the Union addresses, 1790 to today. Answer with JSON only:
{"terms": [{"text": "<word or short phrase, lower case>", "weight": <above 0, at most 1>}]}
At most 20 terms. Give what the question is about a weight of 0.5 or more; give synonyms, also those of earlier centuries, less.
If the question holds nothing that can be searched for, answer {"terms": []}."""


class ModelFailed(Exception):
    """The model could not be asked, or did not answer as it was asked to. The text names no key and no question."""


class Model(NamedTuple):
    """Where the model is and how to reach it."""

    url: str
    name: str
    key: str | None
    timeout: float

    @classmethod
    def from_environment(cls) -> Model | None:
        """The model that ``MODEL_URL`` names, with ``MODEL_NAME``, ``MODEL_KEY`` and ``MODEL_TIMEOUT`` in seconds."""
        url = os.environ.get("MODEL_URL", "").rstrip("/")
        if not url:
            return None
        path = "" if url.endswith("/chat/completions") else "/chat/completions"
        name = os.environ.get("MODEL_NAME", "default")
        return cls(url + path, name, os.environ.get("MODEL_KEY") or None, float(os.environ.get("MODEL_TIMEOUT", "12")))

    def terms(self, question: str, tried: list[str]) -> Any:
        """The ``terms`` of the model's answer, not yet checked; ``tried`` are those that found too little."""
        wish = f"Question: {question}"
        if tried:
            wish += "\nToo little was found with: " + ", ".join(tried) + ". Repeat these and add wider ones."
        answer = self._complete([{"role": "system", "content": _TASK}, {"role": "user", "content": wish}])
        try:
            text = answer["choices"][0]["message"]["content"]
            # Models like to put JSON between fences or sentences.
            return json.loads(text[text.index("{") : text.rindex("}") + 1])["terms"]
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise ModelFailed("the model's answer holds no terms") from error

    def _complete(self, messages: list[dict[str, str]]) -> Any:
        import http.client
        import urllib.error
        import urllib.request

        body = json.dumps({"model": self.name, "messages": messages, "temperature": 0}).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        request = urllib.request.Request(self.url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ModelFailed(f"the model answered with status {error.code}") from error
        except TimeoutError as error:
            raise ModelFailed(f"the model did not answer within {self.timeout:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise ModelFailed(f"the model cannot be reached ({type(error).__name__})") from error
        except ValueError as error:
            raise ModelFailed("the model's answer is not JSON") from error


def asked(question: str, tried: list[str], round: int) -> Plan | None:
    """A plan by the model of the environment; none without a model, or when it sees nothing to search for.

    Raises :class:`ModelFailed`, and :class:`~peer_contract.ContractError` when its terms are not what the contract asks for.
    """
    model = Model.from_environment()
    terms = model.terms(question, tried) if model else []
    return Plan.from_json(json.dumps({"terms": terms, "limit": LIMIT, "round": round})) if terms else None
