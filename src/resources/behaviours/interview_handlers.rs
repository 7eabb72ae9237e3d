//! Interview handlers.

use super::{call_handlers, recipients};
use crate::engine::{Creation, Error, Transaction};

const QUESTIONS: &str = "handlers/interviewhandlers/{InterviewHandlerObjectId}/interviewquestions";
/// The number of questions of each handler.
const COUNT: usize = 20;

/// Creates the questions of a new handler.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    recipients::check(&creation.record)?;
    call_handlers::created(transaction, creation)?;
    let handler = ("InterviewHandlerObjectId", creation.record.id());
    if !transaction.find(QUESTIONS, &[handler]).is_empty() {
        return Ok(());
    }
    for number in 1..=COUNT {
        let number = number.to_string();
        let values = [
            handler,
            ("QuestionNumber", &number),
            ("StreamText", &number),
        ];
        transaction.create_at(QUESTIONS, None, &values)?;
    }
    Ok(())
}
