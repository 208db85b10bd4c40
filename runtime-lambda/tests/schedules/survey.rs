//! The agents of the schedules. What they do to the outside is noted with the key of the message, as a payment would be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use peer_contract::{FanOut, Serve, Work};

use crate::golden::{self, Notes, Place, Question, Report, Score, planner, scorer, teller, writer};

/// Each effect with the keys under which it was asked for. One key is one effect, however often it is asked for.
#[derive(Clone, Default)]
pub struct Effects(Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>);

impl Effects {
    fn note<S>(&self, work: &Work<S>, effect: String) {
        self.0.lock().unwrap().entry(effect).or_default().insert(work.key().to_owned());
    }

    /// What happened under more than one key.
    pub fn repeated(&self) -> Vec<String> {
        let effects = self.0.lock().unwrap();
        effects.iter().filter(|(_, keys)| keys.len() != 1).map(|(effect, _)| effect.clone()).collect()
    }

    /// What happened at all.
    pub fn names(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

struct Planner(Effects);

impl planner::Agent for Planner {
    async fn plan(
        &self,
        work: &mut Work<Notes>,
        question: Question,
    ) -> Result<planner::PlanOutcome, planner::PlanError> {
        self.0.note(work, "plan".into());
        let advice = work.call(teller::tell(Place::new("advice".into()))).await?;
        assert_eq!(advice, "advice");
        work.state.asked += 1;
        if question.places.is_empty() {
            return Ok(writer::give_up(question).into());
        }
        Ok(FanOut::of(question.places.into_iter().map(|name| scorer::score(Place::new(name)))).into())
    }

    async fn widen(
        &self,
        work: &mut Work<Notes>,
        question: Question,
    ) -> Result<planner::WidenOutcome, planner::WidenError> {
        self.0.note(work, "widen".into());
        work.state.asked += 1;
        let children = FanOut::of(question.places.into_iter().map(|name| scorer::score(Place::new(name))));
        Ok(children.and(teller::tell(Place::new("hearsay".into()))))
    }
}

struct Scorer(Effects);

impl scorer::Agent for Scorer {
    async fn score(&self, work: &mut Work<()>, place: Place) -> Result<scorer::ScoreOutcome, scorer::ScoreError> {
        self.0.note(work, format!("score {}", place.name));
        if place.name.ends_with("closed") {
            return Err(scorer::Closed(golden::Reason::new("for today".into())).into());
        }
        Ok(Score::new(place.name.len() as i64))
    }
}

struct Teller(Effects);

impl teller::Agent for Teller {
    async fn tell(&self, work: &mut Work<()>, place: Place) -> Result<teller::TellOutcome, teller::TellError> {
        self.0.note(work, format!("tell {}", place.name));
        Ok(place.name)
    }
}

struct Writer(Effects);

impl writer::Agent for Writer {
    async fn rank(
        &self,
        work: &mut Work<Notes>,
        scores: golden::Scores,
    ) -> Result<writer::RankOutcome, writer::RankError> {
        self.0.note(work, "rank".into());
        let points: i64 = scores.results.iter().map(|scored| scored.output.points).sum();
        let order: Vec<i64> = scores.results.iter().map(|scored| scored.index).collect();
        assert!(order.is_sorted(), "results come in the order of the children");
        let mut places: Vec<String> = (0..scores.results.len()).map(|index| format!("again {index}")).collect();
        places.push(format!("{points} closed"));
        Ok(planner::widen(Question::new("again".into(), places)).into())
    }

    async fn write(
        &self,
        work: &mut Work<Notes>,
        answers: golden::Answers,
    ) -> Result<writer::WriteOutcome, writer::WriteError> {
        self.0.note(work, "write".into());
        let mut text = format!("asked {}:", work.state.asked);
        for answer in &answers.results {
            text.push_str(&match answer {
                golden::AnswersResultsItem::ScoreAnswer(score) => match (&score.output, &score.error) {
                    (Some(output), _) => format!(" {}", output.points),
                    (None, Some(error)) => format!(" {}", error.code),
                    (None, None) => " nothing".to_owned(),
                },
                golden::AnswersResultsItem::TellAnswer(tell) => format!(" {}", tell.output.clone().unwrap_or_default()),
            });
        }
        Ok(Report::new(text))
    }

    async fn give_up(
        &self,
        work: &mut Work<Notes>,
        question: Question,
    ) -> Result<writer::GiveUpOutcome, writer::GiveUpError> {
        self.0.note(work, "give up".into());
        Ok(Report::new(question.text))
    }
}

/// The agents, all noting to the same list.
pub fn agents(effects: &Effects) -> Vec<Box<dyn Serve>> {
    vec![
        Box::new(planner::serve(Planner(effects.clone()))),
        Box::new(scorer::serve(Scorer(effects.clone()))),
        Box::new(teller::serve(Teller(effects.clone()))),
        Box::new(writer::serve(Writer(effects.clone()))),
    ]
}
