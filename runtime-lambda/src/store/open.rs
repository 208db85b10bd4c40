//! From the settings to the store that they name.

use std::sync::Arc;

use peer_contract_core::Problem;

use super::{FileStore, Inventory, Location, Scope, Store};
use crate::settings::Settings;

/// The shared store of an agent, where its settings name one.
///
/// # Errors
/// `configuration_invalid`: no region, an endpoint that is none, or a build without a client for S3.
pub fn open(settings: &Settings) -> Result<Option<Arc<dyn Store>>, Problem> {
    settings.store.as_ref().map(|location| open_at(location, settings)).transpose()
}

/// The same for a store that is named otherwise than by the settings.
///
/// # Errors
/// As [`open`].
pub fn open_at(location: &Location, settings: &Settings) -> Result<Arc<dyn Store>, Problem> {
    match location {
        Location::Folder(folder) if settings.store_sync => Ok(Arc::new(FileStore::new(folder, Scope::Shared))),
        Location::Folder(folder) => Ok(Arc::new(FileStore::new(folder, Scope::Shared).without_sync())),
        Location::S3(place) => Ok(cloud::open(place, settings)?),
    }
}

/// A shared store of which all can be listed and removed.
///
/// # Errors
/// As [`open`].
pub fn open_inventory(location: &Location, settings: &Settings) -> Result<Arc<dyn Inventory>, Problem> {
    match location {
        Location::Folder(folder) => Ok(Arc::new(FileStore::new(folder, Scope::Shared))),
        Location::S3(place) => cloud::open(place, settings),
    }
}

#[cfg(feature = "s3")]
mod cloud {
    use super::super::location::S3Place;
    use super::super::{S3Store, TableStore};
    use super::{Arc, Inventory, Problem, Settings};

    pub(super) fn open(place: &S3Place, settings: &Settings) -> Result<Arc<dyn Inventory>, Problem> {
        let bucket = S3Store::new(place.clone(), settings)?;
        Ok(match &place.table {
            Some(table) => Arc::new(TableStore::new(table, bucket, settings)?),
            None => Arc::new(bucket),
        })
    }
}

#[cfg(not(feature = "s3"))]
mod cloud {
    use peer_contract_core::{ErrorCode, Pointer};

    use super::super::location::S3Place;
    use super::{Arc, Inventory, Problem, Settings};

    pub(super) fn open(_: &S3Place, _: &Settings) -> Result<Arc<dyn Inventory>, Problem> {
        Err(not_built())
    }

    fn not_built() -> Problem {
        let message = "`PEER_CONTRACT_STORE` is in S3, and this agent was built without a client for it";
        Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
            .with_help("build it with the feature `s3` of `peer-contract`")
    }
}
