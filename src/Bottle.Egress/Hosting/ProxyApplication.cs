using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Forwarding;
using Bottle.Egress.Introspection;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Hosting;

/// <summary>What happens to every HTTP request, from whatever door: introspection, or judged once, forwarded or refused, and logged.</summary>
internal sealed class ProxyApplication(PolicyStore policy, Forwarder forwarder, IntrospectionHandler introspection, RequestLog log, int maxRequests, MemoryGauge memory)
{
    private int _underWay;

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (http.Features.Get<ControlConnection>() is not null)
        {
            await introspection.AnswerAsync(http, http.Request.Path.Value ?? "/", http.Request.QueryString.Value, forOperator: true).ConfigureAwait(false);
            return;
        }
        var record = log.Start();
        try
        {
            if (Interlocked.Increment(ref _underWay) > maxRequests)
            {
                await RefuseAsync(http, record, new Refusal(DenialCodes.TooBusy, $"more than {maxRequests} requests are under way"), RequestReader.FindTarget(http), null).ConfigureAwait(false);
            }
            else if (memory.IsHigh)
            {
                await RefuseAsync(http, record, new Refusal(DenialCodes.TooBusy, "the memory of egress is nearly full"), RequestReader.FindTarget(http), null).ConfigureAwait(false);
            }
            else
            {
                // Taken once: a reload in between does not split the request over two tables.
                var generation = policy.Hold();
                try
                {
                    await JudgeAsync(http, record, generation).ConfigureAwait(false);
                }
                finally
                {
                    generation.Release();
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            record.Status = http.Response.StatusCode;
            await log.WriteAsync(record).ConfigureAwait(false);
        }
    }

    private async Task JudgeAsync(HttpContext http, RequestRecord record, PolicyGeneration generation)
    {
        if (generation.CountsUses)
        {
            await SocketThread.Leave();
        }
        var (admission, refusal, nearest) = Gate.Judge(http, generation, policy.Leases, policy.Budget, out var request);
        var target = request.Authority.Host is null ? RequestReader.FindTarget(http) : request.Authority;
        record.Method = http.Request.Method;
        record.Generation = generation.File.Generation;
        record.Route = nearest;
        record.Target = target;
        record.Scheme = request.Authority.Host is null ? null : request.Scheme.Text();
        record.Path = request.Path.Text;
        if (target.Host == RequestReader.IntrospectionHost && request.Authority.Host is not null && request.Scheme == RequestScheme.Http)
        {
            await introspection.AnswerAsync(http, request.Path.Text, request.Query is null ? null : "?" + request.Query, forOperator: false).ConfigureAwait(false);
            return;
        }
        refusal ??= await forwarder.ForwardAsync(http, admission!, record).ConfigureAwait(false);
        if (refusal is not null)
        {
            await RefuseAsync(http, record, refusal, target, request.Path.Text).ConfigureAwait(false);
        }
    }

    private async Task RefuseAsync(HttpContext http, RequestRecord record, Refusal refusal, Authority target, string? path)
    {
        record.Refusal = refusal.Code;
        record.Reason = refusal.Reason;
        if (refusal.Code == DenialCodes.BudgetSpent)
        {
            await policy.Budget.KeepAsync().ConfigureAwait(false);
        }
        await RefusalWriter.WriteAsync(http, refusal, target, http.Request.Method, path).ConfigureAwait(false);
    }
}
