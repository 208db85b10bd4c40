//! A contract that keeps all rules. Below this line nobody asks again whether a name is legal.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::check::check;
use super::events::ObjectEvents;
use super::hash::{self, Surface};
use super::head::Head;
use super::{ContractHash, Document, FanOut, OperationHash, duration, lower, place};
use crate::json::{self, CanonicalBytes};
use crate::schema::{Schema, Schemas};
use crate::{ErrorCode, Limits, Pointer, Problem, Problems};

/// A checked contract. Cheap to clone, safe to share between threads.
#[derive(Clone)]
pub struct Contract {
    inner: Arc<Inner>,
}

struct Inner {
    /// As written.
    value: Arc<Value>,
    /// Read from `value` when somebody asks; running an agent does not.
    document: OnceLock<Document>,
    head: Head,
    canonical: CanonicalBytes,
    hash: ContractHash,
    agents: BTreeMap<String, Agent>,
    schemas: Schemas,
}

/// Milliseconds a work lasts when the contract does not say: five minutes.
const DEADLINE_MS: u64 = 300_000;

impl Contract {
    /// Reads, checks and hashes a contract in strict JSON.
    ///
    /// # Errors
    /// All problems that were found: `json_*` codes when the text cannot be read, else the rules it breaks.
    pub fn parse(text: &[u8]) -> Result<Self, Problems> {
        Self::parse_within(text, &Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// As [`Contract::parse`].
    pub fn parse_within(text: &[u8], limits: &Limits) -> Result<Self, Problems> {
        let most = Limits::default();
        let limits = Limits {
            json_bytes: limits.contract_bytes.min(limits.json_bytes),
            json_depth: limits.json_depth.min(most.json_depth),
            json_values: limits.json_values.min(most.json_values),
            json_keys: limits.json_keys.min(most.json_keys),
            ..*limits
        };
        Self::admitted(json::parse(text, &limits)?)
    }

    /// Checks and hashes a contract that was read already (from YAML, say).
    ///
    /// # Errors
    /// The `json_*` codes of [`json::admit`], or every rule that is broken, with its place.
    pub fn from_value(mut value: Value) -> Result<Self, Problems> {
        json::admit(&mut value, &Limits::default())?;
        Self::admitted(value)
    }

    /// The same for a value that keeps the rules of strict JSON.
    fn admitted(value: Value) -> Result<Self, Problems> {
        let document = check(&value)?;
        let stripped = Arc::new(place::strip(&value));
        let canonical = json::canonical(&stripped);
        let hash = ContractHash::of(&canonical);
        let head = Head::of(&document);
        let agents = lower::agents(&document.agents, head.start(), &stripped);
        let (value, schemas) = (Arc::new(value), Schemas::new(stripped));
        let inner = Inner { value, document: document.into(), head, canonical, hash, agents, schemas };
        let contract = Self { inner: Arc::new(inner) };
        // A result goes through the schemas of two operations, so it is looked at once both are sound.
        Problems::result_of(crate::fan::check_joins(&contract))?;
        Ok(contract)
    }

    /// The contract that generated code carries: the [`canonical`](Self::canonical) text, and the hash it had when
    /// the compiler checked it.
    ///
    /// A text that still has its hash is the one that was checked, so it is not checked again; the rules cost more
    /// than all the rest of a start. Text and hash are part of the program and trusted like it: who can change both
    /// can change the program. Never give this a text that came in a message.
    ///
    /// # Errors
    /// `contract_mismatch` when the contract has another hash, and what [`Contract::parse`] says about its text.
    pub fn embedded(text: &[u8], hash: ContractHash) -> Result<Self, Problems> {
        if let Some(proven) = Self::proven(text, hash) {
            return Ok(proven);
        }
        // The same contract in other words: a file that was formatted, characters that were escaped.
        let contract = Self::parse(text)?;
        if contract.hash() == hash { Ok(contract) } else { Err(mismatch().into()) }
    }

    fn proven(text: &[u8], hash: ContractHash) -> Option<Self> {
        let canonical = hash::proven(text, hash)?;
        let value: Arc<Value> = serde_json::from_slice(text).ok().map(Arc::new)?;
        let (head, agents) = Head::read(&value).ok()?;
        let agents = lower::agents(&agents, head.start(), &value);
        let (document, schemas) = (OnceLock::new(), Schemas::new(value.clone()));
        Some(Self { inner: Arc::new(Inner { value, document, head, canonical, hash, agents, schemas }) })
    }

    /// The same with one more type, and its place: for questions about schemas that are no part of the contract.
    pub(crate) fn with_type(&self, schema: Value) -> (Self, Pointer) {
        let mut stripped: Value = serde_json::from_slice(self.canonical()).expect("a canonical form is JSON");
        let mut name = "Type".to_owned();
        while stripped.pointer(&format!("/$defs/{name}")).is_some() {
            name.push('_');
        }
        let at = Pointer::root().key("$defs").key(&name);
        stripped["$defs"][name] = schema;
        let canonical = json::canonical(&stripped);
        let (hash, stripped) = (ContractHash::of(&canonical), Arc::new(stripped));
        let Inner { head, document, agents, .. } = &*self.inner;
        let (head, document, agents) = (head.clone(), document.clone(), agents.clone());
        let (value, schemas) = (stripped.clone(), Schemas::new(stripped));
        (Self { inner: Arc::new(Inner { value, document, head, canonical, hash, agents, schemas }) }, at)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.inner.head.name
    }

    /// Its version, for people.
    pub fn version(&self) -> &str {
        &self.inner.head.version
    }

    /// Its identity.
    pub fn hash(&self) -> ContractHash {
        self.inner.hash
    }

    /// The bytes that were hashed: stripped of annotations, canonical. `parse` of these gives the same hash.
    pub fn canonical(&self) -> &[u8] {
        self.inner.canonical.as_bytes()
    }

    /// As written, with descriptions.
    pub fn document(&self) -> &Document {
        let read = || Document::deserialize(&*self.inner.value).expect("what has the hash of a document is one");
        self.inner.document.get_or_init(read)
    }

    /// As written, as JSON, with descriptions.
    pub fn value(&self) -> &Value {
        &self.inner.value
    }

    /// The agents by name.
    pub fn agents(&self) -> &BTreeMap<String, Agent> {
        &self.inner.agents
    }

    /// The operation `agent.operation`.
    pub fn operation(&self, target: &str) -> Option<&Operation> {
        let (agent, operation) = target.split_once('.')?;
        self.agents().get(agent)?.operations.get(operation)
    }

    /// All operations, by agent and name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.agents().values().flat_map(|agent| agent.operations.values())
    }

    /// Where the state's schema stands: `/state`, if the contract has one.
    pub fn state(&self) -> Option<Pointer> {
        self.inner.head.has_state().then(|| Pointer::root().key("state"))
    }

    /// The state a work begins with.
    pub fn initial_state(&self) -> Option<Value> {
        let head = &self.inner.head;
        head.has_state().then(|| head.initial_state.clone().unwrap_or_else(|| Value::Object(Map::new())))
    }

    /// The phase every work starts in.
    pub fn start_phase(&self) -> Option<&str> {
        self.inner.head.start()
    }

    /// Whether a work may end in this phase.
    pub fn is_end(&self, phase: &str) -> bool {
        self.inner.head.phases.as_ref().is_some_and(|phases| phases.end.iter().any(|end| end == phase))
    }

    /// Milliseconds from the first message to the expiry of a work.
    pub fn deadline_ms(&self) -> u64 {
        let deadline = self.inner.head.constraints.deadline.as_deref();
        deadline.and_then(duration::milliseconds).unwrap_or(DEADLINE_MS)
    }

    /// Hops of one work.
    pub fn max_hops(&self) -> u32 {
        self.inner.head.constraints.max_hops.unwrap_or(Limits::default().hops)
    }

    /// Bytes of the state as JSON.
    pub fn max_state_bytes(&self) -> usize {
        let most = Limits::default().json_bytes;
        let bytes = self.inner.head.constraints.max_state_bytes;
        bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(most)
    }

    /// The schema at a place of the contract (`/$defs/Brief`, `/agents/ranker/operations/rank/input`),
    /// compiled on first use and kept.
    ///
    /// # Errors
    /// `ref_unresolved` when there is no schema at that place.
    pub fn schema(&self, at: &Pointer) -> Result<Arc<Schema>, Problem> {
        self.inner.schemas.get(at)
    }
}

fn mismatch() -> Problem {
    Problem::new(
        ErrorCode::ContractMismatch,
        Pointer::root(),
        "the contract does not have the hash it was embedded with",
    )
    .with_help("run `peerc generate` again")
}

/// A participant.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// Where the schema of its settings stands.
    pub config: Option<Pointer>,
    /// Its operations by name.
    pub operations: BTreeMap<String, Operation>,
}

/// What an operation is to the phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It starts from the start phase: work may begin here.
    Entry,
    /// It starts from a later phase.
    Phased,
    /// It has no phase and no handoff, gets no state, and answers its caller.
    Callable,
}

/// A typed entry point.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Operation {
    /// Name of its agent.
    pub agent: String,
    /// Its own name.
    pub name: String,
    /// `agent.operation`.
    pub target: String,
    /// Its part in the phases.
    pub kind: Kind,
    /// Where the schema of its input stands.
    pub input: Pointer,
    /// Its reply, if it replies.
    pub output: Option<Output>,
    /// The phases it starts from.
    pub from: Vec<String>,
    /// Its handoffs: target and the phase that leads to.
    pub hands_to: BTreeMap<String, String>,
    /// The callable operations it may ask.
    pub calls: Vec<String>,
    /// How it spreads the work over children, if it does.
    pub fans_out: Option<FanOut>,
    /// The errors it may end with.
    pub errors: BTreeMap<String, DeclaredError>,
    /// Limits on one run.
    pub constraints: Constraints,
    /// Pointer into the input.
    pub idempotency_key: Option<Pointer>,
    /// Events of S3 that start work here.
    pub objects: Option<ObjectEvents>,
    pub(super) surface: Surface,
}

impl Operation {
    /// Whether it may be called, and be a child of a fan-out.
    pub fn is_callable(&self) -> bool {
        self.kind == Kind::Callable
    }

    /// What callers and callee must agree on; made on first use.
    pub fn hash(&self) -> OperationHash {
        self.surface.hash(self)
    }
}

/// A reply.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Output {
    /// Where its schema stands.
    pub schema: Pointer,
    /// The phase it leads to; none for a callable operation.
    pub to: Option<String>,
}

/// An error of the contract.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeclaredError {
    /// Its name, which is its code on the wire.
    pub name: String,
    /// Where the schema of its data stands.
    pub data: Option<Pointer>,
    /// Whether the same message may be tried again.
    pub retryable: bool,
    /// The phase it leads to; without one the work ends as failed.
    pub to: Option<String>,
}

/// Limits on one run of an operation, with defaults filled in.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Constraints {
    /// Milliseconds; 60,000 by default.
    pub timeout_ms: u64,
    /// MB; 512 by default.
    pub memory_mb: u32,
    /// Tries in all; 1 by default.
    pub attempts: u32,
    /// Milliseconds that an idempotency key is remembered, from the first message with it; a day by default.
    pub key_lifetime_ms: u64,
}
