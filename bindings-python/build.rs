//! Tells the code which Python it is built for: `Py_3_12`, `Py_LIMITED_API` and their like become `cfg`s.

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
}
