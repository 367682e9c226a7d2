using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;
using Microsoft.AspNetCore.WebUtilities;

namespace Bottle.Egress.Introspection;

/// <summary>Answers <c>http://_egress.local/{allowlist,healthz,budget,explain}</c> (SPEC F5): GET only, never a value of a secret.</summary>
internal sealed class IntrospectionHandler(PolicyStore policy, RequestLog log)
{
    /// <summary>Answers one request; the operator also sees where in the manifests a route comes from.</summary>
    public async Task AnswerAsync(HttpContext http, string path, string? query, bool forOperator)
    {
        if (http.Request.Method != "GET")
        {
            await RefuseAsync(http, DenialCodes.IntrospectionMethod).ConfigureAwait(false);
            return;
        }
        var generation = policy.Current;
        var answer = path switch
        {
            "/allowlist" => IntrospectionJson.Allowlist(generation, policy.Leases, forOperator),
            "/healthz" => IntrospectionJson.Health(policy, log.Problem),
            "/budget" => await BudgetAsync(forOperator).ConfigureAwait(false),
            "/explain" => await ExplainAsync(generation, query, forOperator).ConfigureAwait(false),
            _ => null,
        };
        if (answer is null)
        {
            await RefuseAsync(http, DenialCodes.NoSuchIntrospection).ConfigureAwait(false);
            return;
        }
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task<byte[]> BudgetAsync(bool forOperator)
    {
        // The operator reads the file too, and it shall not be older than what he hears. An agent cannot make egress write as often as it asks.
        if (forOperator)
        {
            await SocketThread.Leave();
            policy.Budget.Save();
        }
        await policy.Budget.KeepAsync().ConfigureAwait(false);
        return BudgetFormat.Write(policy.Budget.Report());
    }

    private async Task<byte[]> ExplainAsync(PolicyGeneration generation, string? query, bool forOperator)
    {
        var parameters = QueryHelpers.ParseQuery(query);
        var url = parameters.TryGetValue("url", out var urls) ? urls.ToString() : "";
        var method = parameters.TryGetValue("method", out var methods) ? methods.ToString() : "GET";
        if (!RouteRequest.TryParse(method, url, out var request, out var problem))
        {
            return IntrospectionJson.Unreadable(generation, url, method, problem);
        }
        var decision = generation.Matcher.Decide(request, policy.Leases.StateOf);
        var refusal = decision.Refusal is { } code ? new Refusal(code, decision.Reason) : policy.Budget.FindRefusal();
        await policy.Budget.KeepAsync().ConfigureAwait(false);
        return IntrospectionJson.Explanation(generation, policy.Leases, (url, method), (decision, refusal), forOperator);
    }

    private static Task RefuseAsync(HttpContext http, DenialCode code) =>
        RefusalWriter.WriteAsync(http, new Refusal(code, code.Meaning), new Authority(RequestReader.IntrospectionHost, 80), http.Request.Method, null);
}
