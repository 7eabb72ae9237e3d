/// A fixture of tenants with these aliases. Each one's id tells its place, from 1.
pub(crate) fn tenants(aliases: &[&str]) -> String {
    let tenants = (1..).zip(aliases).map(|(number, alias)| {
        format!(
            "<Tenant><ObjectId>00000000-0000-4000-8000-{number:012}</ObjectId>\
             <Alias>{alias}</Alias><SmtpDomain>{alias}.example.com</SmtpDomain></Tenant>"
        )
    });
    format!("<Tenants>{}</Tenants>", tenants.collect::<String>())
}
