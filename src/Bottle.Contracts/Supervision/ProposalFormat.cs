using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Supervision;

/// <summary>
/// Reads and writes <c>queue/proposals/&lt;id&gt;.json</c> (schema: <c>schemas/proposal.schema.json</c>): snake_case, unknown, missing and double members are errors, equal input gives equal bytes.
/// What follows from the question (narrow route, diff, hash) must be what the question says, so that a file cannot show one thing and ask for another.
/// </summary>
public static class ProposalFormat
{
    private const string Kind = "proposal";

    /// <summary>The text of a file, ending in a line feed. It can be larger than <see cref="ProposalLimits.FileBytes"/>, which no reader takes.</summary>
    public static string Write(Proposal proposal) => SupervisionFiles.Write(new ProposalJson
    {
        V = proposal.V,
        Id = proposal.Id,
        Tool = proposal.Tool.Name(),
        Created = proposal.Created.ToUniversalTime(),
        Request = proposal.Request is { } request ? new RequestJson(request.Method, request.Url) : null,
        Steps = proposal.Steps,
        Reason = proposal.Reason,
        NarrowRoute = proposal.NarrowRoute is { } route ? new NarrowRouteJson(route.Host, route.Ports, route.Methods, route.PathAllowlist, route.Inspect) : null,
        Diff = proposal.Diff,
        DiffSha256 = proposal.DiffSha256,
    }, SupervisionJson.Default.ProposalJson);

    /// <summary>Reads a file; the question is judged anew.</summary>
    /// <exception cref="FormatException">Everything that is wrong, one line each; the text may hold what the agent wrote.</exception>
    public static Proposal Read(string json)
    {
        var file = SupervisionFiles.Parse(json, Kind, SupervisionJson.Default.ProposalJson);
        SupervisionFiles.Check(Kind, Problems(file));
        var request = file.Request is { } asked ? new ProposedRequest(asked.Method, asked.Url!) : null;
        var question = Question(ProposalToolNames.Parse(file.Tool)!.Value, request, file.Steps?.Select(step => step!).ToArray());
        var proposal = Proposal.Create(file.Id!, file.Created!.Value.ToUniversalTime(), question, file.Reason!);
        SupervisionFiles.Check(Kind, Contradictions(file, proposal));
        return proposal;
    }

    private static ProposedQuestion Question(ProposalTool tool, ProposedRequest? request, string[]? steps)
    {
        try
        {
            return ProposedQuestion.Of(tool, request, steps);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{Kind}: {e.Message}", e);
        }
    }

    private static IEnumerable<string> Problems(ProposalJson file)
    {
        if (file.V != Proposal.CurrentVersion)
        {
            yield return $"'v' is not {Proposal.CurrentVersion}";
        }
        if (!SupervisionFiles.IsId(file.Id))
        {
            yield return "'id' is not 1 to 64 lower-case letters, digits and hyphens";
        }
        if (ProposalToolNames.Parse(file.Tool) is null)
        {
            yield return "'tool' is not egress-block, pipelock-block or capability-block";
        }
        if (file.Created is null)
        {
            yield return "'created' is missing";
        }
        if (file.Request is { Url: null })
        {
            yield return "'request.url' is missing";
        }
        if (file.Steps?.Contains(null) == true)
        {
            yield return "'steps' holds null";
        }
        if (file.Reason is not { Length: > 0 and <= ProposalLimits.Reason })
        {
            yield return $"'reason' is not 1 to {ProposalLimits.Reason} characters";
        }
        if (file.Diff is null || file.DiffSha256 is null)
        {
            yield return "'diff' or 'diff_sha256' is missing";
        }
    }

    private static IEnumerable<string> Contradictions(ProposalJson file, Proposal proposal)
    {
        if (!Same(file.NarrowRoute, proposal.NarrowRoute))
        {
            yield return "'narrow_route' is not the narrowest route for the request";
        }
        if (file.Request?.Url != proposal.Request?.Url)
        {
            yield return "'request.url' is not in canonical form";
        }
        if (file.Diff != proposal.Diff || file.DiffSha256 != proposal.DiffSha256)
        {
            yield return "'diff' or 'diff_sha256' is not what is asked for";
        }
    }

    private static bool Same(NarrowRouteJson? file, Route? route) => route is null
        ? file is null
        : file is not null && file.Host == route.Host && file.Inspect == route.Inspect
            && Same(file.Ports, route.Ports) && Same(file.Methods, route.Methods) && Same(file.PathAllowlist, route.PathAllowlist);

    private static bool Same<T>(IReadOnlyList<T>? one, IReadOnlyList<T>? other) => one is null || other is null ? one is null && other is null : one.SequenceEqual(other);
}
