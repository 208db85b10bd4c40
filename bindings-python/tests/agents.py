"""Agents as users write them. The same file runs in tests, under awslambdaric and in our own runtime."""

import time

from peer_contract import Work, lambda_handler
from relay import Desk, Draft, Page, Reason, Topic, counter, editor, writer


class MyWriter(writer.Agent):
    async def draft(self, work: Work[Desk], topic: Topic, /) -> editor.Review:
        if topic.text == "nothing":
            raise writer.Boring(Reason(reason="nothing to say"))
        if topic.text == "bug":
            raise ValueError("secret 4711")
        work.state.note = work.uuid()
        return editor.review(Draft(text=topic.text))

    def redraft(self, work: Work[Desk], draft: Draft, /) -> editor.Review:
        work.state.rounds += 1
        return editor.review(Draft(text=draft.text + " and more"))


class MyEditor(editor.Agent):
    async def review(self, work: Work[Desk], draft: Draft, /) -> editor.ReviewOutcome:
        words = await work.call(counter.count(draft.text))
        if words < 3:
            return writer.redraft(draft)
        return Page(html=f"<p>{draft.text}", words=words)


class MyCounter(counter.Agent):
    def count(self, work: Work[None], text: str, /) -> int:
        if not text:
            raise counter.Empty()
        if text == "slow":
            time.sleep(5)
        return len(text.split())


handler = lambda_handler(MyWriter())
