using Bottle.Build.Console;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Supervision;

namespace Bottle.Build.Launching;

/// <summary>What the operator's commands on a running bottle share: whom they mean, and that a person has seen the diff.</summary>
internal sealed class Operator(BottleContext context)
{
    internal OperatorDesk Desk { get; } = new(context.Apply);

    /// <summary><c>--bottle</c>, which the command needs.</summary>
    internal string Bottle(string target, string more = "") =>
        context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", target, $"dotnet cake --target={target} --bottle=demo-k3x9a{more}"));

    /// <summary><c>--proposal</c>, which the command needs.</summary>
    internal string Proposal(string target) =>
        context.Arguments.Proposal ?? throw new BottleException(CommandLineErrors.MissingArgument("proposal", target, $"dotnet cake --target={target} --bottle={context.Arguments.Bottle ?? "demo-k3x9a"} --proposal=egress-block-1a2b3c4d; what is asked: dotnet cake --target=Proposals"));

    /// <summary><c>--lease</c>, which the command line's check has read; null when it is not given.</summary>
    internal LeaseTerm? Lease() => context.Arguments.Lease is { } text ? LeaseTerm.Parse(text, out _) : null;

    /// <summary><c>--minutes</c>, <c>--requests</c>, <c>--bytes</c>, <c>--tokens</c>, which the command line's check has read; one of them is needed.</summary>
    internal IReadOnlyList<BudgetGrant> Grants(string target, string bottle) => context.Arguments.BudgetAmounts is { Count: > 0 } amounts
        ? [.. amounts.Select(amount => BudgetGrant.Parse(amount.Kind, amount.Text, out _)).OfType<BudgetGrant>()]
        : throw new BottleException(CommandLineErrors.MissingArgument("requests", target, $"dotnet cake --target={target} --bottle={bottle} --requests=+5000; or --minutes=+60, --bytes=+1GB, --tokens=+1000000"));

    /// <summary>Whether a person sits at the terminal.</summary>
    internal static bool IsThere => !System.Console.IsInputRedirected;

    /// <summary>
    /// Goes on only when a person has seen what will be applied: by <c>--diff</c> with its hash, or by an answer on the terminal. <paramref name="otherwise"/> says what to add when there is neither.
    /// </summary>
    internal async Task ConfirmAsync(string shortHash, string otherwise)
    {
        if (context.Arguments.Diff is { } seen)
        {
            if (seen != shortHash) throw new BottleException(ApprovalErrors.DiffChanged(seen, shortHash));
            return;
        }
        if (!IsThere) throw new BottleException(ApprovalErrors.NobodyToAsk(otherwise));
        if (!await Question.IsYesAsync(context, "Apply it? [y/N] ")) throw new BottleException(ApprovalErrors.NotConfirmed());
    }

    /// <summary>Lets the person edit a text until <paramref name="read"/> takes it; without a terminal the first mistake ends it.</summary>
    internal async Task<T> EditAsync<T>(string text, Func<string, T> read)
    {
        var editor = new RouteEditor(context.Home, context.Runner);
        for (var current = text; ;)
        {
            string edited;
            using (context.LeaveKeys()) edited = await editor.EditAsync(current, context.Cancellation);
            if (edited == text) throw new BottleException(ApprovalErrors.NothingEdited());
            try
            {
                return read(edited);
            }
            catch (BottleException e) when (IsThere)
            {
                context.Warn(e.Diagnostics);
                if (await Question.AskAsync(context, "Edit it again? [Y/n] ") is "n" or "N" or "no" or null) throw new BottleException(ApprovalErrors.EditGivenUp(), e);
                current = edited;
            }
        }
    }

    /// <summary>Says what is in force now.</summary>
    internal void Say(string identity, string? proposal, ApplyOutcome outcome)
    {
        if (context.Arguments.Json)
        {
            context.Console.Data.WriteLine(ProposalsJson.Render(identity, proposal, outcome));
            return;
        }
        context.Console.Say($"{identity}: revision {outcome.Change.To.Revision} is in force, confirmed by egress{(outcome.Change.Pipelock == PipelockChange.None ? "" : " and pipelock")} ({outcome.Took.TotalMilliseconds:0} ms)");
        if (outcome.Drained is { } drained)
            context.Console.Say(drained ? "the pipelock before it is removed; all its requests had ended" : "the pipelock before it is removed; requests that still ran through it were cut");
    }
}
