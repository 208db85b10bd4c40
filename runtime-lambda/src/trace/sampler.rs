//! Which traces are recorded.

use peer_contract_core::envelope::TraceContext;

/// `OTEL_TRACES_SAMPLER`. What is no sampler is `parentbased_always_on`, as nothing is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sampler {
    /// Whether what came with a message decides before this does.
    follows: bool,
    /// The share of traces, from 0 to 1.
    share: f64,
}

impl Sampler {
    pub(super) fn read(name: Option<&str>, argument: Option<&str>) -> Self {
        let name = name.unwrap_or_default().trim();
        let (follows, kind) = name.strip_prefix("parentbased_").map_or((false, name), |kind| (true, kind));
        let ratio =
            || argument.and_then(|text| text.trim().parse::<f64>().ok()).filter(|share| (0.0..=1.0).contains(share));
        match kind {
            "always_on" => Self { follows, share: 1.0 },
            "always_off" => Self { follows, share: 0.0 },
            "traceidratio" => Self { follows, share: ratio().unwrap_or(1.0) },
            _ => Self { follows: true, share: 1.0 },
        }
    }

    /// Whether a trace is recorded; `begins` where nothing came that says so already. All sandboxes decide the same for one trace:
    /// the share is that of the last seven bytes of its id, which are random.
    pub(super) fn records(&self, trace: &TraceContext, begins: bool) -> bool {
        if self.follows && !begins {
            return trace.is_sampled();
        }
        let [.., a, b, c, d, e, f, g] = trace.trace_id();
        let random = u64::from_be_bytes([0, a, b, c, d, e, f, g]);
        (random as f64) < self.share * (1u64 << 56) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(random: &str, flags: &str) -> TraceContext {
        TraceContext::read(&format!("00-0af7651916cd43dd84{random}-b7ad6b7169203331-{flags}"), None).unwrap()
    }

    #[test]
    fn what_came_decides_unless_it_is_not_asked() {
        let (on, off) = (trace("00000000000001", "01"), trace("00000000000001", "00"));
        for name in [
            None,
            Some("parentbased_always_on"),
            Some("parentbased_always_off"),
            Some("parentbased_traceidratio"),
            Some("jaeger"),
        ] {
            let sampler = Sampler::read(name, Some("0.5"));
            assert_eq!((sampler.records(&on, false), sampler.records(&off, false)), (true, false), "{name:?}");
        }
        assert!(Sampler::read(Some("always_on"), None).records(&off, false));
        assert!(!Sampler::read(Some("always_off"), None).records(&on, false));
        assert!(!Sampler::read(Some("parentbased_always_off"), None).records(&on, true));
    }

    #[test]
    fn a_share_is_one_of_trace_ids() {
        let (low, high) = (trace("40000000000000", "01"), trace("c0000000000000", "01"));
        for (argument, expected) in [
            ("0.5", [true, false]),
            ("1", [true, true]),
            ("0", [false, false]),
            ("2", [true, true]),
            ("x", [true, true]),
        ] {
            let sampler = Sampler::read(Some("traceidratio"), Some(argument));
            assert_eq!([&low, &high].map(|trace| sampler.records(trace, true)), expected, "{argument}");
        }
    }
}
