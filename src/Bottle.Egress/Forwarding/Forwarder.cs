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
            using var abandon = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, body?.Standstill ?? CancellationToken.None);
            return await ExchangeAsync(new Exchange(http, admission, body, record, abandon, AnswerMeter.Create(admission, policy.Budget, record)), message).ConfigureAwait(false);
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
            return (new RequestBody(http, record, new BodyLimits(long.MaxValue, null, settings.StallTimeout, settings.UntakenTimeout, clock)), null);
        }
        var limit = route.Inspect ? settings.InspectMaxBody : ProviderGuard.MaxBytes;
        if (http.Request.ContentLength > limit)
        {
            return (null, UpstreamFailure.TooLarge(admission));
        }
        var guard = route.Provider is { } provider ? new ProviderGuard(provider) : null;
        return BodyEncoding.TryNormalize(http.Request.Headers.ContentEncoding, out var encoding)
            ? (new RequestBody(http, record, new BodyLimits(limit, encoding, settings.StallTimeout, settings.UntakenTimeout, clock, guard)), null)
            : (null, new Refusal(DenialCodes.InspectedEncoding, $"bodies to {route.Host} are read on their way, and this encoding cannot be undone; send it plain or as gzip"));
    }

    private async Task<Refusal?> ExchangeAsync(Exchange exchange, HttpRequestMessage message)
    {
        var clients = exchange.Admission.Policy.Clients;
        clients.Watch.Join(exchange.Abandon);
        try
        {
            using var response = await clients.SendAsync(exchange.Admission, message, exchange.Abandon.Token).ConfigureAwait(false);
            clients.Watch.Hear();
            exchange.Meter?.Begin(response);
            if (response.StatusCode == HttpStatusCode.Unauthorized && exchange.Admission.Credential is not null)
            {
                await SocketThread.Leave();
                policy.RefreshTokens();
            }
            return await AnswerAsync(exchange, response).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidDataException)
        {
            return exchange.IsClientGone ? exchange.Abort() : exchange.Explain(e);
        }
        finally
        {
            clients.Watch.Leave(exchange.Abandon);
            // Whether the upstream has a whole request cannot be told here: a client of HTTP/2 may send all of it and leave its end out.
            exchange.Meter?.End(wasAsked: exchange.Record.BytesIn > 0 && exchange.Body is { End: not (BodyEnd.Refused or BodyEnd.TooLarge) });
        }
    }

    private async Task<Refusal?> AnswerAsync(Exchange exchange, HttpResponseMessage upstream)
    {
        var (http, mask) = (exchange.Http, exchange.Admission.Mask);
        http.Response.StatusCode = (int)upstream.StatusCode;
        try
        {
            ResponseHeaders.Copy(upstream, http.Response.Headers, mask);
        }
        catch (InvalidDataException e)
        {
            return new Refusal(DenialCodes.UpstreamFailed, e.Message);
        }
        if (upstream.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return await SwitchAsync(exchange, upstream).ConfigureAwait(false);
        }
        if (!TryChooseDecoder(http, exchange.Admission, out var encoding))
        {
            return new Refusal(DenialCodes.UpstreamFailed, "the upstream compressed its answer in an unknown way although it was asked not to");
        }
        return await CopyAnswerAsync(exchange, upstream, encoding).ConfigureAwait(false);
    }

    private async Task<Refusal?> CopyAnswerAsync(Exchange exchange, HttpResponseMessage upstream, string? encoding)
    {
        var (http, admission, record) = (exchange.Http, exchange.Admission, exchange.Record);
        try
        {
            var stream = await upstream.Content.ReadAsStreamAsync(exchange.Abandon.Token).ConfigureAwait(false);
            var watch = new ResponseWatch(admission.Mask, exchange.Meter, admission.Policy.Clients.Watch);
            await new ResponseBody(stream, encoding, http, record, watch).CopyAsync(exchange.Abandon.Token).ConfigureAwait(false);
            if (http.Features.Get<IHttpResponseTrailersFeature>() is { Trailers.IsReadOnly: false } trailers)
            {
                ResponseHeaders.CopyTrailers(upstream, trailers.Trailers, admission.Mask);
            }
            return null;
        }
        catch (BudgetSpentException e)
        {
            record.Reason = "cut: " + e.Refusal.Reason;
            await policy.Budget.KeepAsync().ConfigureAwait(false);
            return http.Response.HasStarted ? exchange.Abort() : e.Refusal;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or InvalidDataException or InvalidOperationException)
        {
            // A body that broke off must not look whole.
            record.Reason ??= exchange.IsClientGone ? "the client went away" : "the upstream broke off its answer";
            return exchange.IsGivenUp ? exchange.Explain(e) : exchange.Abort();
        }
    }

    private async Task<Refusal?> SwitchAsync(Exchange exchange, HttpResponseMessage upstream)
    {
        if (!exchange.Admission.IsWebSocket)
        {
            return new Refusal(DenialCodes.UpstreamFailed, "the upstream switched protocols without being asked");
        }
        using var writes = new WriteLimit(settings.UntakenTimeout, clock);
        await WebSocketRelay.RunAsync(exchange, upstream, writes).ConfigureAwait(false);
        return exchange.IsGivenUp ? exchange.Explain(null) : null;
    }

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
}
