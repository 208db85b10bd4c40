//! The agent: messages of the contract in, searches in the index, messages out.

use peer_contract::Work;
use research_brief_ranker::index::Index;
use research_brief_ranker::rounds::{bar, is_thin};
use research_brief_ranker::search::{self, Found};

use crate::research_brief::{Brief, Hit, Passage, Plan, Ranking, Score, Term, YearCount, formatter, ranker, reasoner};

/// Ranks passages of the addresses.
pub struct Ranker {
    /// What is searched.
    pub index: Index,
}

impl ranker::Agent for Ranker {
    async fn rank(&self, work: &mut Work<Brief>, plan: Plan) -> Result<ranker::RankOutcome, ranker::RankError> {
        let found = search::search(&self.index, &terms(&plan.terms), bar(plan.round), usize::try_from(plan.limit)?);
        let thin = is_thin(&found, plan.round);
        work.state.notes.get_or_insert_default().push(self.note(&found, plan.round, thin));
        let ranking = self.ranking(plan, found);
        Ok(if thin { reasoner::widen(ranking).into() } else { formatter::render(ranking).into() })
    }

    async fn score(&self, _: &mut Work<()>, passage: Passage) -> Result<Score, ranker::ScoreError> {
        Ok(Score::new(search::score(&self.index, &passage.text, &passage.terms)))
    }
}

impl Ranker {
    fn note(&self, found: &Found, round: i64, thin: bool) -> String {
        let Found { good, hits, .. } = found;
        let then = if thin { "too few for a report".to_owned() } else { format!("the best {} quoted", hits.len()) };
        format!("ranker: {good} of {} passages good, {then} (round {round})", self.index.len())
    }

    fn ranking(&self, plan: Plan, found: Found) -> Ranking {
        let hits = found.hits.into_iter().map(|hit| Hit::new(hit.text, hit.year, hit.speaker, hit.score, hit.matches));
        let by_year = found.by_year.into_iter().map(|(year, count)| YearCount::new(year, count));
        let searched = i64::try_from(self.index.len()).expect("an index in memory has fewer passages than 2^63");
        Ranking::new(plan, hits.collect(), by_year.collect(), searched)
    }
}

fn terms(terms: &[Term]) -> Vec<search::Term> {
    terms.iter().map(|term| search::Term { text: term.text.clone(), weight: term.weight }).collect()
}

#[cfg(test)]
mod tests {
    use research_brief_ranker::corpus::Address;

    use super::ranker::{Agent, RankOutcome};
    use super::*;

    fn ranker(addresses: usize) -> Ranker {
        let address =
            |at| Address { year: 1800 + at as i64, speaker: format!("P{at}"), text: format!("Canal {at} is dug.") };
        Ranker { index: Index::new((0..addresses).map(address).collect()) }
    }

    fn plan(term: &str, round: i64) -> Plan {
        Plan::new(vec![Term::new(term.to_owned(), 0.8)], 12, round)
    }

    #[tokio::test]
    async fn enough_is_handed_to_the_formatter() {
        let mut work = Work::new(Brief::new("canals".to_owned(), 1));
        let RankOutcome::Render(render) = ranker(6).rank(&mut work, plan("canals", 1)).await.unwrap() else {
            panic!("handed to another agent")
        };
        assert_eq!((render.0.passages.len(), render.0.searched), (6, 6));
        assert_eq!(work.state.notes.unwrap(), ["ranker: 6 of 6 passages good, the best 6 quoted (round 1)"]);
    }

    #[tokio::test]
    async fn too_little_is_handed_back_until_the_last_round() {
        let mut work = Work::new(Brief::new("locks".to_owned(), 1));
        let first = ranker(6).rank(&mut work, plan("locks", 1)).await.unwrap();
        let last = ranker(6).rank(&mut work, plan("locks", 3)).await.unwrap();
        assert!(matches!(first, RankOutcome::Widen(_)) && matches!(last, RankOutcome::Render(_)));
    }

    #[tokio::test]
    async fn a_score_is_that_of_the_index() {
        let passage = Passage::new("No word of it.".to_owned(), vec!["canal".to_owned()]);
        assert_eq!(ranker(1).score(&mut Work::new(()), passage).await.unwrap().score, 0.0);
    }
}
