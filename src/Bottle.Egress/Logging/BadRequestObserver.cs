using System.Diagnostics;
using Bottle.Contracts.Denials;
using Bottle.Egress.Connect;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Logging;

/// <summary>Records what Kestrel itself refuses before any code of ours sees it: broken framing, heads beyond the limits, slow heads.</summary>
internal sealed class BadRequestObserver(RequestLog log) : IObserver<KeyValuePair<string, object?>>
{
    private const string EventName = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Listens until disposed.</summary>
    public static IDisposable Subscribe(DiagnosticListener listener, RequestLog log) => listener.Subscribe(new BadRequestObserver(log), name => name == EventName);

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features && features.Get<IBadRequestExceptionFeature>()?.Error is { } error)
        {
            var code = error is BadHttpRequestException { StatusCode: 431 or 414 } ? DenialCodes.HeadTooLarge : DenialCodes.Malformed;
            log.WriteConnection(features.Get<Tunnel>()?.Target ?? default, code, error.Message, (error as BadHttpRequestException)?.StatusCode);
        }
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
