//! The records that a history begins with.

/// Returns the object of a number, if there is one.
type ImportedObject = fn(usize) -> Option<String>;

/// The lists of imported records, each with its object of a number. Many records have the same value, and few have another
/// one. They refer to each other, so that a deletion has effects.
const IMPORTED: [(&str, ImportedObject); 4] = [
    ("Depots", |number| {
        Some(format!(
            "<Depot><ObjectId>{}</ObjectId><Name>Room {number}</Name><Kind>1</Kind><IsOpen>true</IsOpen></Depot>",
            imported_id(1, number)
        ))
    }),
    ("Books", |number| {
        let spare = format!("<SpareObjectId>{}</SpareObjectId>", imported_id(1, number));
        Some(format!(
            "<Book><ObjectId>{}</ObjectId><Title>Room {:02}</Title><Isbn>sixteen letters!{}</Isbn><OwnerObjectId>{}</OwnerObjectId>{}<OwnerName>Room {}</OwnerName><OwnerKind>1</OwnerKind><Pages>{}</Pages><IsLent>false</IsLent></Book>",
            imported_id(2, number),
            number % 30,
            number * 7 % 10_000,
            imported_id(1, number % 5),
            if number % 2 == 1 { &*spare } else { "" },
            number % 3,
            number % 11,
        ))
    }),
    ("Slots", |number| {
        (number % 3 == 1).then(|| {
            let book = imported_id(2, number);
            format!("<Slot><RackName>north</RackName><Number>{number}</Number><BookObjectId>{book}</BookObjectId></Slot>")
        })
    }),
    ("Tags", |number| {
        (number % 3 == 2).then(|| {
            let id = imported_id(3, number);
            format!("<Tag><ObjectId>{id}</ObjectId><Kind>1</Kind><DepotName>Room {number}</DepotName></Tag>")
        })
    }),
];

/// Adds a number of records of each list to an exported state without any.
pub(super) fn with_records(document: &str, records: usize) -> String {
    let mut document = document.replace(
        "<Racks total=\"0\"/>",
        "<Racks><Rack><Name>north</Name></Rack></Racks>",
    );
    for (list, object) in IMPORTED {
        let objects: String = (0..records).filter_map(object).collect();
        let filled = format!("<{list}>{objects}</{list}>");
        document = document.replace(&format!("<{list} total=\"0\"/>"), &filled);
    }
    document
}

/// Returns the id of an imported record of a kind.
fn imported_id(kind: u8, number: usize) -> String {
    format!("{kind}0000000-0000-4000-8000-{number:012}")
}
