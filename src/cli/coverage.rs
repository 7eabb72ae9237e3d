//! `cuc-mock coverage`

use std::process::ExitCode;

use clap::Args;

use super::{Failed, REFUSED, announce, fail, remote::Remote};
use crate::space;

#[derive(Debug, Args)]
pub(super) struct Coverage {
    #[command(flatten)]
    remote: Remote,
    /// The space to look at; `*`: all of them together
    #[arg(long, value_name = "NAME", env = "CUC_MOCK_SPACE", default_value = "*")]
    space: String,
    /// End with status 1 when less was touched, from 0 to 100
    #[arg(
        long,
        value_name = "PERCENT",
        env = "CUC_MOCK_FAIL_UNDER",
        allow_negative_numbers = true,
        value_parser = percent
    )]
    fail_under: Option<f64>,
    /// Show what was not touched, too
    #[arg(long, env = "CUC_MOCK_UNTOUCHED")]
    untouched: bool,
}

impl Coverage {
    pub(super) fn run(self) -> ExitCode {
        let coverage = match self.read() {
            Ok(coverage) => coverage,
            Err((status, message)) => return fail(status, &message),
        };
        announce(&coverage.to_string());
        if self.untouched {
            announce("\nuntouched:");
            for name in coverage.untouched() {
                announce(&name);
            }
        }
        match self.fail_under {
            Some(least) if coverage.percent() < least => {
                let (touched, offered) = (coverage.touched(), coverage.offered());
                let message =
                    format!("only {touched} of {offered} were touched, which is under {least} %");
                fail(REFUSED, &message)
            }
            _ => ExitCode::SUCCESS,
        }
    }

    fn read(&self) -> Result<space::Coverage, Failed> {
        let answer = self
            .remote
            .get("/__mock/coverage", &self.space, "application/json")?;
        serde_json::from_slice(&answer).map_err(|_| self.remote.not_of_cuc_mock())
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("expected a number from 0 to 100".to_owned()),
    }
}
