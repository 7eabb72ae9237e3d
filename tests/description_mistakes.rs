//! The mistakes in descriptions that `cuc-mock check --resources` reports.
