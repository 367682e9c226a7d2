using Bottle.Core.Diagnostics;
using Bottle.Core.Linting.Checks;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting;

/// <summary>Looks at a finished plan for what must never be true of one: written apart from the planner, so that one mistake does not pass both.</summary>
public static class PlanLinter
{
    private static readonly ICheck[] Checks =
    [
        new ServicesKeepToTheirNetworks(),
        new OnlyEgressNetworkLeadsOut(),
        new EgressComesWithPipelock(),
        new SubnetsAreDisjoint(),
        new AddressesAreInTheirNetwork(),
        new MountsStayInTheRun(),
        new EveryoneIsTheRunsUser(),
        new EverythingIsLabelled(),
        new DnsIsClosed(),
        new AgentComesLast(),
        new PipelockMirrorsRoutes(),
        new SlotsFitRoutes(),
        new VariablesSteerNothing(),
        new ProxyVariablesFitEgress(),
        new LiteralsAreNoTokens(),
        new EverythingIsLimited(),
        new EgressReadsTheRoutes(),
        new GitKeysStayInTheGate(),
        new GateReadsItsFile(),
        new AnswersAreTheOperators(),
        new SuperviseComesWithEgress(),
    ];

    /// <summary>Everything that is wrong with the plan, in the order of the checks.</summary>
    public static IReadOnlyList<Diagnostic> Lint(BottlePlan plan)
    {
        var compose = ComposeFile.From(plan);
        return [.. Checks.SelectMany(check => check.Run(plan, compose))];
    }
}
