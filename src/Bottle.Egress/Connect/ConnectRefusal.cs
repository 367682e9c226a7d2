using System.Globalization;
using System.Text;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;

namespace Bottle.Egress.Connect;

/// <summary>Answers a refused CONNECT with a complete HTTP/1.1 response and closes.</summary>
internal static class ConnectRefusal
{
    public static async Task WriteAsync(ConnectionContext connection, Authority target, DenialCode code, string reason)
    {
        var denial = new Denial { Code = code, Host = target.Host, Port = target.Host is null ? null : target.Port, Method = "CONNECT", Reason = reason };
        var body = denial.ToUtf8Json();
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {code.Status} {ReasonPhrases.GetReasonPhrase(code.Status)}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n");
        var output = connection.Transport.Output;
        await output.WriteAsync(Encoding.ASCII.GetBytes(head)).ConfigureAwait(false);
        await output.WriteAsync(body).ConfigureAwait(false);
        await output.CompleteAsync().ConfigureAwait(false);
        await LingeringClose.DrainAsync(connection).ConfigureAwait(false);
    }
}
