using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Bottle.DemoUpstream;

/// <summary>The server: HTTPS that tells what it saw, stand-ins for a Messages API and a Responses API, and the canaries.</summary>
internal static class Upstream
{
    public static async Task<int> ServeAsync(UpstreamOptions options)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Path.Combine(options.Certificates, "server.pem"));
        using var certificate = X509Certificate2.CreateFromPemFile(
            Path.Combine(options.Certificates, "server.pem"), Path.Combine(options.Certificates, "server-key.pem"));

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Any, options.HttpsPort, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ServerCertificateChain = chain;
            }));
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(AnswerAsync);

        using var canaries = new Canaries(options);
        await app.StartAsync();
        HitLog.Write("started", null, new JsonObject { ["canary"] = options.CanaryText });
        var running = canaries.RunAsync(app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // ended by the same token
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var seen = new JsonObject
        {
            ["method"] = request.Method,
            ["host"] = request.Host.Value,
            ["path"] = request.Path.Value,
            ["query"] = request.QueryString.Value,
            ["protocol"] = request.Protocol,
        };
        HitLog.Write("https", context.Connection.RemoteIpAddress?.ToString(), (JsonObject)seen.DeepClone());
        if (MessagesApi.Serves(request))
        {
            await MessagesApi.AnswerAsync(context);
            return;
        }
        if (ResponsesApi.Serves(request))
        {
            await ResponsesApi.AnswerAsync(context);
            return;
        }
        if (GitBackend.Serves(request) || request.Path.Value is "/v1/echo" or "/v1/events")
        {
            await (GitBackend.Serves(request) ? GitBackend.AnswerAsync(context) : request.Path.Value == "/v1/echo" ? Live.EchoAsync(context) : Live.EventsAsync(context));
            return;
        }
        if (request.Path.Value == "/v1/release")
            Live.Release();
        if (request.Path.Value == "/v1/rotated" && !Carries(request, request.Query["sha256"].ToString()))
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        var answer = request.Path.Value switch
        {
            "/v1/whoami" => WhoAmI(request),
            "/v1/hello" => new JsonObject { ["hello"] = "from the demo upstream", ["saw"] = seen },
            _ => new JsonObject { ["saw"] = seen, ["headers"] = Headers(request) },
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString() + "\n");
    }

    /// <summary>The credential that arrived, by fingerprint only: who reads this answer does not learn it.</summary>
    private static JsonObject WhoAmI(HttpRequest request)
    {
        var value = request.Headers.Authorization.ToString();
        if (value.Length == 0)
            return new JsonObject { ["credential"] = null };
        var (scheme, sha256) = Fingerprint.OfHeader(value);
        return new JsonObject { ["credential"] = new JsonObject { ["scheme"] = scheme, ["sha256"] = sha256 } };
    }

    /// <summary>Whether the credential is the one of this fingerprint: anything else is what an upstream says of a token that it has replaced.</summary>
    private static bool Carries(HttpRequest request, string sha256) => Fingerprint.OfHeader(request.Headers.Authorization.ToString()).Sha256 == sha256;

    /// <summary>Every header with its value; credentials by fingerprint.</summary>
    internal static JsonObject Headers(HttpRequest request)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in request.Headers)
            headers[name] = Fingerprint.IsCredentialHeader(name) ? $"sha256:{Fingerprint.OfHeader(values.ToString()).Sha256}" : values.ToString();
        return headers;
    }
}
