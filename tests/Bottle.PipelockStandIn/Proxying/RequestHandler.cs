using Bottle.PipelockStandIn.Policy;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.PipelockStandIn.Proxying;

/// <summary>One HTTP request: inside an intercepted tunnel, absolute-form on the proxy port, or to the proxy itself (/health).</summary>
internal sealed class RequestHandler(EnforcementInForce inForce, Forwarder forwarder)
{
    public async Task HandleAsync(HttpContext context)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (context.Features.Get<Target>() is { } tunnel)
        {
            if (!tunnel.IsNamedBy(context.Request.Host))
                await RefuseAsync(context, 403, "authority mismatch: blocked", tunnel);
            else
                await InspectAsync(context, "https", tunnel, rawTarget, context.Features.GetRequiredFeature<Enforcement>());
        }
        else if (Uri.TryCreate(rawTarget, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp)
        {
            var target = new Target(address.Host.ToLowerInvariant().TrimEnd('.'), address.Port);
            var enforcement = inForce.Current;
            if (!enforcement.Allowed.Contains(target.Host))
                await RefuseAsync(context, 403, $"blocked: domain not in allowlist: {target.Host}", target);
            else
                await InspectAsync(context, "http", target, PathOf(rawTarget), enforcement);
        }
        else if (context.Request.Path == "/health")
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"status":"healthy","version":"stand-in for 2.3.0","mode":"strict","tls_interception_enabled":true}""" + "\n");
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private async Task InspectAsync(HttpContext context, string scheme, Target target, string path, Enforcement enforcement)
    {
        if (enforcement.Inspector.Head(context.Request, path) is { } head)
        {
            await RefuseAsync(context, 403, $"blocked: {head}", target);
            return;
        }
        var (body, reason) = await enforcement.Inspector.BodyAsync(context.Request, context.RequestAborted);
        if (reason is not null)
        {
            await RefuseAsync(context, 403, $"blocked: {reason}", target);
            return;
        }
        try
        {
            if (await forwarder.SendAsync(context, scheme, target, path, body, enforcement) is { } refused)
                await RefuseAsync(context, 403, $"blocked: {refused}", target);
        }
        catch (HttpRequestException e) when (e.InnerException is RefusedException refusal)
        {
            await RefuseAsync(context, 403, $"blocked: {refusal.Message}", target);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !context.Response.HasStarted)
        {
            await RefuseAsync(context, 502, "upstream error", target, e.InnerException?.Message ?? e.Message);
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string text, Target target, string? detail = null)
    {
        AuditLog.Write("warn", "blocked", text, target.ToString(), detail ?? text, context.Connection.RemoteIpAddress?.ToString());
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(text + "\n");
    }

    /// <summary>What follows the authority of an absolute-form target, as it was written.</summary>
    private static string PathOf(string absolute)
    {
        var slash = absolute.IndexOf('/', absolute.IndexOf("//", StringComparison.Ordinal) + 2);
        return slash < 0 ? "/" : absolute[slash..];
    }
}
