using System.Globalization;
using System.Text;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Apply;

namespace Bottle.Host.Supervision;

/// <summary>Questions and changes as a person reads them; everything that an agent wrote is inert.</summary>
public static class ProposalText
{
    private const int Label = 12;

    // With label and quotation marks within 80 columns: a terminal would go on with a longer line at its first column, where the agent's words could pass for Bottle's own.
    private const int Columns = 60;

    /// <summary>All bottles with what their agents ask.</summary>
    public static string Render(IReadOnlyList<BottleProposals> bottles)
    {
        var text = new StringBuilder();
        foreach (var bottle in bottles)
        {
            foreach (var proposal in bottle.Proposals)
                text.Append(Render(proposal)).Append(Commands(proposal)).Append('\n');
            foreach (var entry in bottle.Unreadable)
                text.Append(CultureInfo.InvariantCulture, $"{bottle.Identity}  {entry.Name}\n{Lines("not read", Pieces(entry.Problem))}\n");
            if (bottle.IsCutOff)
                text.Append(CultureInfo.InvariantCulture, $"{bottle.Identity}: there is more in the queue than is ever read\n\n");
        }
        return text.Length > 0 ? text.ToString().TrimEnd('\n') : "no agent waits for an answer";
    }

    /// <summary>One question: who, what, why, and what approving would do.</summary>
    public static string Render(ProposalView view)
    {
        var proposal = view.Proposal;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{view.Identity}  {proposal.Id}  {proposal.Tool.Name()}, {RoughTime.Text(view.Age)} ago\n");
        var asks = InertText.Excerpt(ProposedChange.Asks(proposal), ProposalLimits.Url);
        // A URL has no spaces to lay something out with, and is to be copied in one piece.
        text.Append(Lines("asks for", proposal.Steps is null ? [asks] : Pieces(asks)));
        text.Append(Lines("agent says", InertText.Block(proposal.Reason).Split('\n').SelectMany(Pieces).Select(line => $"“{line}”")));
        if (proposal.Steps is { } steps)
            text.Append(Lines("steps", steps.Select(InertText.Line).SelectMany(Pieces)));
        text.Append(Lines("packages", view.Packages.SelectMany(Pieces)));
        text.Append(Lines("also allows", view.AlsoAllows.Select(InertText.Line)));
        text.Append(Lines("problem", view.Problems.Select(problem => $"{problem.Code}: {InertText.Line(problem.Message)}")));
        if (view.Answer is { } answer)
            text.Append(Line("answered", $"{answer.Decision.Name()}; the agent gets it when it asks"));
        if (view.Change is { } change)
            text.Append(Render(change, view.Hash));
        return text.ToString();
    }

    /// <summary>What a change does: pipelock, warnings, hash (<paramref name="hash"/> where <c>--diff</c> names it otherwise), diff.</summary>
    public static string Render(PreparedChange change, string? hash = null)
    {
        var text = new StringBuilder();
        text.Append(Line("pipelock", Pipelock(change)));
        text.Append(Lines("warning", change.Warnings.Select(warning => InertText.Line(warning.Message))));
        text.Append(Line("diff", string.Create(CultureInfo.InvariantCulture, $"{hash ?? change.ShortHash}, revision {change.From.Revision} to {change.To.Revision}")));
        foreach (var line in change.Diff.TrimEnd('\n').Split('\n'))
            text.Append("    ").Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>What a change means for pipelock and for open streams, one line.</summary>
    public static string Pipelock(PreparedChange change) => change.Pipelock switch
    {
        PipelockChange.None => "stays as it is; open streams go on",
        PipelockChange.ReloadFirst => "takes the new hosts, then egress its table; open streams go on",
        PipelockChange.ReloadLast => "egress takes its table, then pipelock drops the hosts; no new request to them, what streams from them ends with its request",
        PipelockChange.Replace => $"is replaced (a reload cannot do this): a second one starts, egress moves over, the first ends when its requests have, after 30 s at the latest; what still streams then is cut{(change.From.GitGate is null ? "" : ", git transfers too")}",
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.Pipelock, null),
    };

    /// <summary>The lines to type.</summary>
    private static string Commands(ProposalView view) => view.Answer is not null ? "" :
        ((view.Change?.ShortHash ?? view.Hash) is { } hash ? $"  dotnet cake --target=Approve --bottle={view.Identity} --proposal={view.Proposal.Id} --diff={hash}\n" : "")
        + $"  dotnet cake --target=Reject --bottle={view.Identity} --proposal={view.Proposal.Id} --reason=\"…\"\n";

    /// <summary>A line in pieces that stay beside their label; what is not ASCII counts as two columns wide.</summary>
    private static IEnumerable<string> Pieces(string line)
    {
        var (start, columns) = (0, 0);
        for (var i = 0; i < line.Length; i++)
        {
            var width = char.IsAscii(line[i]) ? 1 : char.IsLowSurrogate(line[i]) ? 0 : 2;
            if (columns + width > Columns)
            {
                yield return line[start..i];
                (start, columns) = (i, 0);
            }
            columns += width;
        }
        yield return line[start..];
    }

    private static string Line(string label, string text) => $"  {label.PadRight(Label)}{text}\n";

    private static string Lines(string label, IEnumerable<string> lines) => string.Concat(lines.Select((line, index) => Line(index == 0 ? label : "", line)));
}
