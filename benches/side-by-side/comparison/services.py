"""The services that all servers have, and the requests for them."""

import pathlib
import socket

HEADERS = {"Authorization": "Basic YWRtaW46c2VjcmV0", "Accept": "application/xml"}
LIST = "/vmrest/externalservices"
SUFFIX = "-5c4e-4b8a-9d3f-1a2b3c4d5e6f"
FIRST = f"00000000{SUFFIX}"
TENANT = "fe6541fb-b42c-44f2-8404-ded14cbf7438"
OTHER_TENANT = "069b8e41-8051-4eee-b653-1854f7e68cd8"
FIELDS = (
    "<SecurityTransportType>1</SecurityTransportType><Server>10.65.156.190</Server>"
    "<ServiceAlias>operator{number}</ServiceAlias><ServicePassword>secret</ServicePassword><ServerType>4</ServerType>"
    "<SupportsCalendarCapability>true</SupportsCalendarCapability>"
    "<SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>"
    "<ValidateServerCertificate>false</ValidateServerCertificate><UseServiceCredentials>true</UseServiceCredentials>"
    "<SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>"
    "<ExchDoAutodiscover>false</ExchDoAutodiscover><ExchServerType>1</ExchServerType>"
    "<MailboxSynchFaxAction>1</MailboxSynchFaxAction><MailboxSynchEmailAction>2</MailboxSynchEmailAction>"
)
POSTED = (
    "<ExternalService><DisplayName>{name}</DisplayName><ServiceAlias>admin</ServiceAlias>"
    "<ServicePassword>ecsbulab</ServicePassword><ServerType>4</ServerType><Server>10.65.156.190</Server>"
    "<AuthenticationMode>1</AuthenticationMode><ExchServerType>1</ExchServerType>"
    "<SecurityTransportType>1</SecurityTransportType></ExternalService>"
)


def service(number, name):
    tenant = TENANT if number < 3 else OTHER_TENANT
    return (
        f"<ExternalService><ObjectId>{number:08x}{SUFFIX}</ObjectId><TenantObjectId>{tenant}</TenantObjectId>"
        f"<AuthenticationMode>1</AuthenticationMode><DisplayName>{name}</DisplayName><IsEnabled>true</IsEnabled>"
        f"{FIELDS.format(number=number)}</ExternalService>"
    )


def small_service(number, name):
    """A service of MeetingPlace of 355 bytes, with an id and the fields that are required."""
    return (
        f"<ExternalService><ObjectId>{number:08x}{SUFFIX}</ObjectId><DisplayName>{name}</DisplayName>"
        f"<Server>meetings.branch1.example</Server><ServiceAlias>operator{number:06}</ServiceAlias>"
        "<ServicePassword>secret</ServicePassword><ServerType>1</ServerType>"
        "<TransferExtensionDialString>800123450</TransferExtensionDialString></ExternalService>"
    )


def fixture(folder, services, of=service, has_tenants=True):
    """Writes services whose names are in another order than their numbers: an odd factor shuffles."""
    names = ((number, f"Exchange {number * 0x9E3779B1 % 2**32:08x}") for number in range(services))
    tenants = "<Tenants>" + "".join(
        f"<Tenant><ObjectId>{tenant}</ObjectId><Alias>{alias}</Alias><SmtpDomain>{alias}.example</SmtpDomain></Tenant>"
        for tenant, alias in [(TENANT, "small"), (OTHER_TENANT, "large")]
    ) + "</Tenants>"
    path = pathlib.Path(folder, f"{of.__name__}-{services}.xml")
    with path.open("w") as file:
        file.write(f"<UnityConnection>{tenants if has_tenants else ''}<ExternalServices>")
        file.writelines(of(number, name) for number, name in names)
        file.write("</ExternalServices></UnityConnection>")
    return path


def response(address, method, path, body="", headers=HEADERS):
    """Sends one request; returns the response as received."""
    host, port = address.split(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if body:
        content_type = "" if "Content-Type" in headers else "Content-Type: application/xml\r\n"
        head += f"{content_type}Content-Length: {len(body.encode())}\r\n"
    with socket.create_connection((host, int(port))) as client:
        client.sendall(f"{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}\r\n{body}".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    head, body = answer.split("\r\n\r\n", 1)
    status, *lines = head.split("\r\n")
    headers = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines]
    return {
        "status": int(status.split()[1]),
        "headers": [(name, value.strip()) for name, value in headers if name != "Connection"],
        "body": body,
    }


def captured(address):
    """The responses of cuc-mock, with three services, to the requests of the comparison."""
    as_json = {**HEADERS, "Accept": "application/json"}
    return {
        "list": response(address, "GET", LIST),
        "object": response(address, "GET", f"{LIST}/{FIRST}"),
        "json list": response(address, "GET", LIST, headers=as_json),
        "json object": response(address, "GET", f"{LIST}/{FIRST}", headers=as_json),
        "post": response(address, "POST", LIST, POSTED.replace("{name}", "Posted")),
        "put": response(address, "PUT", f"{LIST}/{FIRST}", POSTED.replace("{name}", "Put")),
        "delete": response(address, "DELETE", f"{LIST}/00000002{SUFFIX}"),
    }
