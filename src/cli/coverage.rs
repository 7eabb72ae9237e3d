//! `cuc-mock coverage`

use clap::Args;

use super::{failure::Failure, output::print_line, remote::Remote};
use crate::space;

#[derive(Debug, Args)]
pub(super) struct Coverage {
    #[command(flatten)]
    remote: Remote,
    /// Space to report on; * combines all spaces
    #[arg(long, value_name = "NAME", env = "CUC_MOCK_SPACE", default_value = "*")]
    space: String,
    /// Exit with status 1 if the coverage is lower, from 0 to 100
    #[arg(
        long,
        value_name = "PERCENT",
        env = "CUC_MOCK_FAIL_UNDER",
        allow_negative_numbers = true,
        value_parser = percent
    )]
    fail_under: Option<f64>,
    /// Also list the unused verbs, statuses and fields
    #[arg(long, env = "CUC_MOCK_UNTOUCHED")]
    untouched: bool,
    /// Also list the responses that relied on inferred facts, with the facts
    #[arg(long, env = "CUC_MOCK_INFERRED")]
    inferred: bool,
    /// Exit with status 1 if a response relied on an inferred fact, and list them
    #[arg(long, env = "CUC_MOCK_FAIL_ON_INFERRED")]
    fail_on_inferred: bool,
}

impl Coverage {
    pub(super) fn run(self) -> Result<(), Failure> {
        let coverage = self.read()?;
        print_line(&coverage.to_string());
        if self.untouched {
            print_line("\nuntouched:");
            for name in coverage.untouched() {
                print_line(&name);
            }
        }
        if self.inferred || self.fail_on_inferred {
            print_inferred(&coverage);
        }
        self.check(&coverage)
    }

    fn check(&self, coverage: &space::Coverage) -> Result<(), Failure> {
        let inferred = coverage.inferred().len();
        if self.fail_on_inferred && inferred > 0 {
            return Err(Failure::runtime(format!(
                "responses that relied on inferred facts: {inferred}"
            )));
        }
        match self.fail_under {
            Some(minimum) if coverage.percent() < minimum => {
                let (touched, offered) = (coverage.touched(), coverage.offered());
                Err(Failure::runtime(format!(
                    "only {touched} of {offered} were touched, which is less than {minimum} %"
                )))
            }
            _ => Ok(()),
        }
    }

    fn read(&self) -> Result<space::Coverage, Failure> {
        let space = [("space", self.space.as_str())];
        self.remote.client()?.get_json("/__mock/coverage", &space)
    }
}

fn print_inferred(coverage: &space::Coverage) {
    print_line("\ninferred:");
    for response in coverage.inferred() {
        print_line(&format!("{}: {response}", response.space));
    }
    match coverage.inferred_omitted() {
        0 => {}
        omitted => print_line(&format!("and {omitted} further requests")),
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("expected a number from 0 to 100".to_owned()),
    }
}
