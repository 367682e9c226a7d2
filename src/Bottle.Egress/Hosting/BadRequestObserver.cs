using System.Diagnostics;
using Bottle.Contracts.Denials;
using Bottle.Egress.Connect;
using Bottle.Egress.Logging;
using Bottle.Egress.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Hosting;

/// <summary>
/// Records what Kestrel itself refuses before any code of ours sees it: broken framing, heads beyond the limits, slow heads. One such refusal gets another answer than Kestrel's: a target
/// and a Host that disagree.
/// </summary>
internal sealed class BadRequestObserver(RequestLog log) : IObserver<KeyValuePair<string, object?>>
{
    private const string EventName = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Listens until disposed.</summary>
    public static IDisposable Subscribe(DiagnosticListener listener, RequestLog log) => listener.Subscribe(new BadRequestObserver(log), name => name == EventName);

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features || features.Get<IBadRequestExceptionFeature>()?.Error is not { } error)
        {
            return;
        }
        features.Get<LingeringClose>()?.IsOwed = true;
        var status = (error as BadHttpRequestException)?.StatusCode;
        var tunnel = features.Get<Tunnel>()?.Target;
        if (status == StatusCodes.Status400BadRequest && MisdirectedTarget.Find(features.GetRequiredFeature<IHttpRequestFeature>()) is (var refusal, var target))
        {
            EarlyRefusal.Write(features, refusal, target);
            log.WriteConnection(tunnel ?? target, refusal.Code, refusal.Reason);
            return;
        }
        log.WriteConnection(tunnel ?? default, status is 431 or 414 ? DenialCodes.HeadTooLarge : DenialCodes.Malformed, error.Message, status);
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
    }
}
