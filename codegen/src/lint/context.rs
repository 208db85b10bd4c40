//! What rules look at: the contract as written, its schemas, and what each of them is used for.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::contract::{self, Operation, target_of};
use peer_contract_core::{Contract, Pointer, Value};

/// What a schema is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// What an operation accepts.
    Input,
    /// What an operation replies or fails with.
    Output,
    /// The state of the work.
    State,
    /// Settings of an agent.
    Config,
}

/// References that are followed to reach one schema.
const MOST_STEPS: usize = 64;

pub(super) struct Context<'a> {
    pub(super) contract: &'a Contract,
    /// All schemas by place.
    pub(super) schemas: BTreeMap<Pointer, &'a Value>,
    roles: BTreeMap<Pointer, BTreeSet<Role>>,
}

impl<'a> Context<'a> {
    pub(super) fn of(contract: &'a Contract) -> Self {
        let schemas = contract::schemas(contract.value()).into_iter().collect();
        let mut context = Self { contract, schemas, roles: BTreeMap::new() };
        for (at, role) in context.roots() {
            context.mark(at, role);
        }
        context
    }

    fn roots(&self) -> Vec<(Pointer, Role)> {
        let state = self.contract.state().into_iter().map(|at| (at, Role::State));
        let configs = self.contract.agents().values().filter_map(|agent| agent.config.clone());
        let operations = self.contract.operations().flat_map(|operation| {
            let output = operation.output.iter().map(|output| output.schema.clone());
            let errors = operation.errors.values().filter_map(|error| error.data.clone());
            let given = output.chain(errors).map(|at| (at, Role::Output));
            std::iter::once((operation.input.clone(), Role::Input)).chain(given)
        });
        state.chain(configs.map(|at| (at, Role::Config))).chain(operations).collect()
    }

    /// Marks a schema, those within, and those it leads to.
    fn mark(&mut self, at: Pointer, role: Role) {
        let mut open = vec![at];
        while let Some(root) = open.pop() {
            if self.roles.get(&root).is_some_and(|roles| roles.contains(&role)) {
                continue;
            }
            let within = format!("{root}/");
            let inner = self.schemas.range(root.clone()..).take_while(|(at, _)| at.as_str().starts_with(root.as_str()));
            let inner: Vec<_> = inner
                .filter(|(at, _)| **at == root || at.as_str().starts_with(&within))
                .map(|(at, schema)| (at.clone(), *schema))
                .collect();
            for (at, schema) in inner {
                let target = schema.get("$ref").and_then(Value::as_str).and_then(target_of);
                let fresh = self.roles.entry(at).or_default().insert(role);
                open.extend(target.filter(|_| fresh));
            }
        }
    }

    /// Schemas that have one of the roles.
    pub(super) fn used_as(&self, roles: &[Role]) -> impl Iterator<Item = (&Pointer, &'a Value)> {
        self.schemas.iter().filter_map(move |(at, schema)| {
            let known = self.roles.get(at)?;
            roles.iter().any(|role| known.contains(role)).then_some((at, *schema))
        })
    }

    /// Whether anything leads to a schema.
    pub(super) fn is_used(&self, at: &Pointer) -> bool {
        self.roles.contains_key(at)
    }

    /// The schema that one which only refers stands for.
    pub(super) fn resolved(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..MOST_STEPS {
            let target = schema.get("$ref").and_then(Value::as_str).and_then(target_of);
            match target.and_then(|at| self.schemas.get(&at)) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    /// The contract as written, or a part of it.
    pub(super) fn written(&self, at: &Pointer) -> Option<&'a Value> {
        self.contract.value().pointer(at.as_str())
    }

    /// The objects of the contract that have a description and may have `x-lint`, schemas aside.
    pub(super) fn parts(&self) -> Vec<Pointer> {
        let root = Pointer::root();
        let mut parts = vec![root.clone(), root.key("phases"), root.key("constraints")];
        parts.extend(self.contract.agents().keys().map(|agent| root.key("agents").key(agent)));
        for operation in self.contract.operations() {
            let at = place_of(operation);
            parts.extend(operation.errors.keys().map(|error| at.key("errors").key(error)));
            parts.extend([at.key("output"), at.key("constraints"), at]);
        }
        parts
    }
}

/// Where an operation stands.
pub(super) fn place_of(operation: &Operation) -> Pointer {
    Pointer::root().key("agents").key(&operation.agent).key("operations").key(&operation.name)
}

/// The types a schema names.
pub(super) fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
