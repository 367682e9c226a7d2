using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Supervision;

/// <summary>What is asked, without who asks and why: two callers with the same question (<see cref="Key"/>) wait for one answer.</summary>
public sealed record ProposedQuestion
{
    private ProposedQuestion(ProposalTool tool, string key) => (Tool, Key) = (tool, key);

    /// <summary>Which tool asks.</summary>
    public ProposalTool Tool { get; }

    /// <summary>What makes questions the same: the route that would be added, the host whose bodies are inspected, or the steps. The query does not count, because no route matches it.</summary>
    public string Key { get; }

    /// <summary>The request, its URL in the form in which egress judges it; null for <see cref="ProposalTool.CapabilityBlock"/>.</summary>
    public ProposedRequest? Request { get; private init; }

    /// <summary>The steps; null for the other tools.</summary>
    public IReadOnlyList<string>? Steps { get; private init; }

    /// <summary>The route that is asked for; null for the tools that ask for none.</summary>
    public Route? NarrowRoute { get; private init; }

    /// <summary>A question for a route.</summary>
    /// <exception cref="FormatException">No route can let this request through.</exception>
    public static ProposedQuestion ForRoute(string method, string url)
    {
        var narrow = Supervision.NarrowRoute.For(new ProposedRequest(method, url));
        return narrow.Route is { } route
            ? new ProposedQuestion(ProposalTool.EgressBlock, RouteText.Lines(route)) { Request = narrow.Request, NarrowRoute = route }
            : throw new FormatException(narrow.Problem);
    }

    /// <summary>A question for bodies that are not inspected.</summary>
    /// <exception cref="FormatException">No route can have this host and port, or its bodies are never inspected.</exception>
    public static ProposedQuestion ForInspection(string url)
    {
        if (!RouteRequest.TryParse("GET", url, out var request, out var problem))
        {
            throw new FormatException(problem);
        }
        // The path does not matter: bodies are inspected by host.
        var narrow = Supervision.NarrowRoute.For(new ProposedRequest("GET", $"{request.Scheme.Text()}://{request.Authority}/"));
        return narrow.Route switch
        {
            null => throw new FormatException(narrow.Problem),
            { Inspect: false } => throw new FormatException("requests to port 80 are never inspected"),
            { } route => new ProposedQuestion(ProposalTool.PipelockBlock, route.Host) { Request = new ProposedRequest(null, Supervision.NarrowRoute.Canonical(request)) },
        };
    }

    /// <summary>A question for steps on top of the agent's image.</summary>
    /// <exception cref="FormatException">One of them is none that can be asked for.</exception>
    public static ProposedQuestion ForSteps(IReadOnlyList<string> steps) => CapabilitySteps.FindProblem(steps) is { } problem
        ? throw new FormatException(problem)
        : new ProposedQuestion(ProposalTool.CapabilityBlock, string.Join('\n', steps)) { Steps = steps };

    /// <summary>The question of a proposal.</summary>
    /// <exception cref="FormatException">The proposal asks for nothing that can be asked for.</exception>
    public static ProposedQuestion Of(ProposalTool tool, ProposedRequest? request, IReadOnlyList<string>? steps) => (tool, request, steps) switch
    {
        (ProposalTool.EgressBlock, { Method: { } method }, null) => ForRoute(method, request.Url),
        (ProposalTool.PipelockBlock, { Method: null }, null) => ForInspection(request.Url),
        (ProposalTool.CapabilityBlock, null, { }) => ForSteps(steps),
        _ => throw new FormatException($"{tool.Name()} has {(tool == ProposalTool.CapabilityBlock ? "steps and no request" : "a request and no steps")}, and a method only where it asks for a route"),
    };
}
