using Bottle.Build.Graphs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Build;

/// <summary>What must hold of the command line before any task runs; everything wrong is said at once.</summary>
internal static class CommandLine
{
    /// <exception cref="BottleException">Unknown arguments, unknown targets, or bad values (BTL0xxx).</exception>
    internal static void Check(BottleArguments arguments, IEnumerable<string> targets)
    {
        var known = targets.ToList();
        var names = BottleArguments.Known.Select(argument => argument.Name).Concat(BottleArguments.CakeOwn).ToList();
        List<Diagnostic> found =
        [
            .. arguments.Unknown.Select(name => CommandLineErrors.UnknownArgument(name, names)),
            .. arguments.Targets.Where(target => !known.Contains(target, StringComparer.OrdinalIgnoreCase)).Select(target => CommandLineErrors.UnknownTarget(target, known)),
        ];
        // An empty --bottle is no identity, which is said below.
        found.AddRange(arguments.WithoutValue.Where(argument => argument.Name != "bottle").Select(argument => CommandLineErrors.MissingValue(argument.Name, argument.Value!)));
        found.AddRange(arguments.Repeated.Select(name => CommandLineErrors.BadValue(name, "several values", "one value")));
        var formats = arguments.Targets.All(target => target.Equals(nameof(Tasks.Graph), StringComparison.OrdinalIgnoreCase)) ? GraphText.Formats : ["text", "json"];
        if (arguments.Format is { } format && !formats.Contains(format)) found.Add(CommandLineErrors.BadValue("format", format, string.Join(" or ", formats)));
        if (arguments is { Cwd: not null, Mount: not null }) found.Add(CommandLineErrors.TwoWorkspaces());
        if (arguments is { Json: true, Targets: { Count: > 1 } severalTargets }) found.Add(CommandLineErrors.OneDocumentOnly(severalTargets));
        // Cleanup alone can be told to do without a stage of the teardown.
        found.AddRange(arguments.Forced.Where(stage => !Stages.Launch.Contains(stage, StringComparer.OrdinalIgnoreCase) && !stage.Equals(nameof(Tasks.SaveWork), StringComparison.OrdinalIgnoreCase))
            .Select(stage => CommandLineErrors.BadValue("force", stage, $"one of {string.Join(", ", Stages.Launch)}")));
        if (arguments.Bottle is { } bottle && !Identity.IsValid(bottle)) found.Add(CommandLineErrors.NoIdentity(bottle, ManifestName.IsValid(bottle)));
        if (arguments.Lease is { } lease && LeaseTerm.Parse(lease, out var problem) is null) found.Add(CommandLineErrors.NoLease(lease, problem));
        foreach (var (kind, text) in arguments.BudgetAmounts)
            if (BudgetGrant.Parse(kind, text, out var wrong) is null) found.Add(CommandLineErrors.NoBudgetAmount(kind.Name(), text, wrong));
        if (found.Count > 0) throw new BottleException(found);
    }
}
