using System.Net;
using Bottle.Contracts.Denials;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Provider;
using Bottle.Egress.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace Bottle.Egress.Forwarding;

/// <summary>Sends an admitted request up and its answer down. Returns a refusal when nothing has been sent to the agent yet.</summary>
internal sealed class Forwarder(PolicyStore policy, EgressSettings settings, TimeProvider clock)
{
    /// <summary>Forwards; null when the agent has its answer, or when it is beyond answering.</summary>
    public async Task<Refusal?> ForwardAsync(HttpContext http, Admission admission, RequestRecord record)
    {
        var (body, refusal) = CreateBody(http, admission, record);
        if (refusal is not null)
        {
            return refusal;
        }
        if (policy.Budget.TryTakeRequest() is { } spent)
        {
            return spent;
        }
        record.Budget = policy.Budget;
        var end = TimeEnd.Watch(http, admission.Route.Lease, policy.Budget, record, clock);
        try
        {
            using var message = UpstreamRequest.Create(http, admission, body);
            if (admission.IsWebSocket)
            {
                WebSocketRelay.Prepare(http, message);
            }
            return await ExchangeAsync(http, admission, message, body, record).ConfigureAwait(false);
        }
        finally
        {
            // The response may end before the request body does; Kestrel must not see two readers.
            await (body?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            await (end?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private (RequestBody? Body, Refusal? Refusal) CreateBody(HttpContext http, Admission admission, RequestRecord record)
    {
        if (admission.IsWebSocket || http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return (null, null);
        }
        var route = admission.Route;
        if (!UpstreamRequest.IsRead(route))
        {
            return (new RequestBody(http, record, new BodyLimits(long.MaxValue, null, settings.StallTimeout, clock)), null);
        }
        var limit = route.Inspect ? settings.InspectMaxBody : ProviderGuard.MaxBytes;
        if (http.Request.ContentLength > limit)
        {
            return (null, UpstreamFailure.TooLarge(admission));
        }
        var guard = route.Provider is { } provider ? new ProviderGuard(provider) : null;
        return BodyEncoding.TryNormalize(http.Request.Headers.ContentEncoding, out var encoding)
            ? (new RequestBody(http, record, new BodyLimits(limit, encoding, settings.StallTimeout, clock, guard)), null)
            : (null, new Refusal(DenialCodes.InspectedEncoding, $"bodies to {route.Host} are read on their way, and this encoding cannot be undone; send it plain or as gzip"));
    }

    private async Task<Refusal?> ExchangeAsync(HttpContext http, Admission admission, HttpRequestMessage message, RequestBody? body, RequestRecord record)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var watch = admission.Policy.Clients.Watch;
        var meter = AnswerMeter.Create(admission, policy.Budget, record);
        watch.Join(abandon);
        try
        {
            using var response = await admission.Policy.Clients.SendAsync(admission, message, abandon.Token).ConfigureAwait(false);
            watch.Hear();
            meter?.Begin(response);
            if (response.StatusCode == HttpStatusCode.Unauthorized && admission.Credential is not null)
            {
                await SocketThread.Leave();
                policy.RefreshTokens();
            }
            return await AnswerAsync(http, admission, (response, meter), record, abandon).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidDataException)
        {
            return http.RequestAborted.IsCancellationRequested ? Abandon(http, record)
                : UpstreamFailure.Explain(IsSilent(http, abandon) ? new PipelockSilentException() : e, body, admission);
        }
        finally
        {
            watch.Leave(abandon);
            // Whether the upstream has a whole request cannot be told here: a client of HTTP/2 may send all of it and leave its end out.
            meter?.End(wasAsked: record.BytesIn > 0 && body is { End: not (BodyEnd.Refused or BodyEnd.TooLarge) });
        }
    }

    private static async Task<Refusal?> AnswerAsync(HttpContext http, Admission admission, (HttpResponseMessage Message, AnswerMeter? Meter) upstream, RequestRecord record, CancellationTokenSource abandon)
    {
        var mask = admission.Mask;
        http.Response.StatusCode = (int)upstream.Message.StatusCode;
        try
        {
            ResponseHeaders.Copy(upstream.Message, http.Response.Headers, mask);
        }
        catch (InvalidDataException e)
        {
            return new Refusal(DenialCodes.UpstreamFailed, e.Message);
        }
        if (upstream.Message.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return await SwitchAsync(http, admission, upstream.Message, record, abandon).ConfigureAwait(false);
        }
        if (!TryChooseDecoder(http, admission, out var encoding))
        {
            return new Refusal(DenialCodes.UpstreamFailed, "the upstream compressed its answer in an unknown way although it was asked not to");
        }
        return await CopyAnswerAsync(http, admission, (upstream.Message, encoding, upstream.Meter), record, abandon).ConfigureAwait(false);
    }

    private static async Task<Refusal?> CopyAnswerAsync(HttpContext http, Admission admission, (HttpResponseMessage Message, string? Encoding, AnswerMeter? Meter) upstream, RequestRecord record, CancellationTokenSource abandon)
    {
        try
        {
            var stream = await upstream.Message.Content.ReadAsStreamAsync(abandon.Token).ConfigureAwait(false);
            var watch = new ResponseWatch(admission.Mask, upstream.Meter, admission.Policy.Clients.Watch);
            await ResponseBody.CopyAsync(upstream.Encoding is null ? stream : BodyEncoding.Decode(stream, upstream.Encoding), http, record, watch, abandon.Token).ConfigureAwait(false);
            if (http.Features.Get<IHttpResponseTrailersFeature>() is { Trailers.IsReadOnly: false } trailers)
            {
                ResponseHeaders.CopyTrailers(upstream.Message, trailers.Trailers, admission.Mask);
            }
            return null;
        }
        catch (BudgetSpentException e)
        {
            record.Reason = "cut: " + e.Refusal.Reason;
            return http.Response.HasStarted ? Abandon(http, record) : e.Refusal;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or InvalidDataException or InvalidOperationException)
        {
            // A body that broke off must not look whole.
            record.Reason ??= http.RequestAborted.IsCancellationRequested ? "the client went away" : "the upstream broke off its answer";
            return IsSilent(http, abandon) ? UpstreamFailure.Explain(new PipelockSilentException(), null, admission) : Abandon(http, record);
        }
    }

    private static async Task<Refusal?> SwitchAsync(HttpContext http, Admission admission, HttpResponseMessage upstream, RequestRecord record, CancellationTokenSource abandon)
    {
        if (!admission.IsWebSocket)
        {
            return new Refusal(DenialCodes.UpstreamFailed, "the upstream switched protocols without being asked");
        }
        await WebSocketRelay.RunAsync(http, admission, upstream, record, abandon.Token).ConfigureAwait(false);
        return IsSilent(http, abandon) ? UpstreamFailure.Explain(new PipelockSilentException(), null, admission) : null;
    }

    /// <summary>Whether an answer was given up because pipelock does not live.</summary>
    private static bool IsSilent(HttpContext http, CancellationTokenSource abandon) => abandon.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested;

    /// <summary>A masked answer must be readable, and a provider's should be: an encoding that the upstream used unasked is undone here.</summary>
    private static bool TryChooseDecoder(HttpContext http, Admission admission, out string? encoding)
    {
        encoding = null;
        var headers = http.Response.Headers;
        var isRead = admission.Mask is not null || admission.Route.Provider is not null;
        if (!isRead || headers.ContentEncoding.Count == 0 || admission.Request.Method == "HEAD" || http.Response.StatusCode is 204 or 304)
        {
            return true;
        }
        if (!BodyEncoding.TryNormalize(headers.ContentEncoding, out encoding))
        {
            encoding = null;
            return admission.Mask is null;
        }
        headers.ContentEncoding = default;
        headers.ContentLength = null;
        return true;
    }

    private static Refusal? Abandon(HttpContext http, RequestRecord record)
    {
        record.Reason ??= "the client went away";
        http.Abort();
        return null;
    }
}
