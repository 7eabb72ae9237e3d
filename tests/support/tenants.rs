/// Returns a fixture of tenants with these aliases. Their IDs end in 1, 2, 3 and so on.
pub(crate) fn tenants(aliases: &[&str]) -> String {
    let tenants = (1..).zip(aliases).map(|(number, alias)| {
        format!(
            "<Tenant><ObjectId>00000000-0000-4000-8000-{number:012}</ObjectId>\
             <Alias>{alias}</Alias><SmtpDomain>{alias}.example.com</SmtpDomain></Tenant>"
        )
    });
    format!("<Tenants>{}</Tenants>", tenants.collect::<String>())
}
