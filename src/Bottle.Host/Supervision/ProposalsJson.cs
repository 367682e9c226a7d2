using System.Text;
using System.Text.Json;
using Bottle.Contracts.Supervision;
using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Apply;

namespace Bottle.Host.Supervision;

/// <summary>Questions and changes as one JSON document; ASCII, so that nothing in it can act on a terminal.</summary>
public static class ProposalsJson
{
    /// <summary>All bottles: <c>{"bottles": [{identity, proposals, unreadable, cut_off, recovered, problem}]}</c>.</summary>
    public static string Render(IReadOnlyList<BottleProposals> bottles) => Document(json =>
    {
        json.WriteStartArray("bottles");
        foreach (var bottle in bottles)
        {
            json.WriteStartObject();
            json.WriteString("identity", bottle.Identity);
            json.WriteStartArray("proposals");
            foreach (var view in bottle.Proposals)
                Write(json, view);
            json.WriteEndArray();
            json.WriteStartArray("unreadable");
            foreach (var entry in bottle.Unreadable)
            {
                json.WriteStartObject();
                json.WriteString("name", entry.Name);
                json.WriteString("problem", entry.Problem);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteBoolean("cut_off", bottle.IsCutOff);
            json.WriteString("recovered", bottle.Recovered?.ToString());
            Problems(json, bottle.Problem is { } problem ? [problem] : []);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>One question with its bottle, as <c>on_proposal</c> gets it (SPEC J5).</summary>
    public static string Render(ProposalView view) => Document(json =>
    {
        json.WriteString("identity", view.Identity);
        json.WritePropertyName("proposal");
        Write(json, view);
    });

    /// <summary>A change that is in force.</summary>
    public static string Render(string identity, string? proposal, ApplyOutcome outcome) => Document(json =>
    {
        json.WriteString("identity", identity);
        if (proposal is not null)
            json.WriteString("proposal", proposal);
        json.WriteNumber("revision", outcome.Change.To.Revision);
        json.WriteString("diff_sha256", outcome.Change.DiffSha256);
        json.WriteString("pipelock", Kind(outcome.Change.Pipelock));
        json.WriteNumber("took_ms", (long)outcome.Took.TotalMilliseconds);
        if (outcome.Drained is { } drained)
            json.WriteBoolean("drained", drained);
    });

    /// <summary>Steps on the agent's image that were run; the run has ended, and goes on by Resume.</summary>
    public static string Render(string identity, string proposal, ImageChanges changes) => Document(json =>
    {
        json.WriteString("identity", identity);
        json.WriteString("proposal", proposal);
        Strings(json, "packages", changes.Packages);
        Strings(json, "users", changes.Users);
        Strings(json, "setuid", changes.Setuid);
        json.WriteNumber("files", changes.Files);
        json.WriteNumber("bytes", changes.Bytes);
    });

    private static void Write(Utf8JsonWriter json, ProposalView view)
    {
        var proposal = view.Proposal;
        json.WriteStartObject();
        json.WriteString("id", proposal.Id);
        json.WriteString("tool", proposal.Tool.Name());
        json.WriteString("created", proposal.Created);
        json.WriteNumber("age_seconds", (long)view.Age.TotalSeconds);
        if (proposal.Request is { } request)
        {
            json.WriteString("method", request.Method);
            json.WriteString("url", request.Url);
        }
        if (proposal.Steps is { } steps)
            Strings(json, "steps", steps);
        json.WriteString("reason", InertText.Block(proposal.Reason));
        if (proposal.NarrowRoute is { } route)
            json.WriteString("narrow_route", RouteText.Lines(route));
        Strings(json, "also_allows", view.AlsoAllows);
        json.WriteString("answer", view.Answer?.Decision.Name());
        if (view.Change is { } change)
        {
            json.WriteString("pipelock", Kind(change.Pipelock));
            json.WriteString("diff", change.Diff);
            json.WriteString("diff_sha256", change.DiffSha256);
            json.WriteString("diff_short", change.ShortHash);
        }
        else if (view.Hash is { } hash)
            json.WriteString("diff_short", hash);
        Problems(json, view.Problems);
        json.WriteEndObject();
    }

    private static void Problems(Utf8JsonWriter json, IReadOnlyList<Diagnostic> problems)
    {
        json.WriteStartArray("problems");
        foreach (var problem in problems)
            DiagnosticJson.Write(json, problem);
        json.WriteEndArray();
    }

    private static string Kind(PipelockChange change) => change switch
    {
        PipelockChange.None => "none",
        PipelockChange.ReloadFirst or PipelockChange.ReloadLast => "reloaded",
        _ => "replaced",
    };

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(InertText.Line(value));
        json.WriteEndArray();
    }

    private static string Document(Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
