//! Interview handlers.

use crate::engine::{Creation, Error, Transaction};

const QUESTIONS: &str = "handlers/interviewhandlers/{InterviewHandlerObjectId}/interviewquestions";
/// The number of questions of each handler.
const COUNT: usize = 20;

/// Creates the questions of a new handler.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let handler = ("InterviewHandlerObjectId", creation.object.id());
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
        transaction.create_object(QUESTIONS, None, &values)?;
    }
    Ok(())
}
