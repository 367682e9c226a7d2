using System.Globalization;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;

namespace Bottle.Core.Capability;

/// <summary>What an operator reads before and after a capability change: what would be run and where, and what it did. Everything that an agent or a container wrote is inert.</summary>
public static class CapabilityText
{
    private const int Shown = 40;

    /// <summary>Before: the steps, the packages that they name, and how they are run.</summary>
    public static string Ask(CapabilityRequest request, BottlePlan plan)
    {
        var text = new StringBuilder();
        text.Append("Steps on the agent's image, run one after the other as root in a container of their own:\n");
        foreach (var (index, step) in request.Steps.Index())
            text.Append(CultureInfo.InvariantCulture, $"  {index + 1}. {InertText.Line(step.Line)}\n");
        text.Append("Packages that they name:\n");
        foreach (var line in Packages(request))
            text.Append("  ").Append(line).Append('\n');
        text.Append(plan.Egress is null
            ? "That container reaches nothing: this bottle has no route.\n"
            : "That container reaches what this bottle's routes let through, by its egress, and nothing else.\n");
        text.Append("Then the run ends, its state and conversation stay, and Resume goes on with the new image.\n");
        return text.ToString();
    }

    /// <summary>The packages that the steps name, a line for each manager, or a line that says that there is none.</summary>
    public static IReadOnlyList<string> Packages(CapabilityRequest request) => request.Packages.Count == 0 ? ["none that can be told from their words"]
        : [.. request.Packages.GroupBy(package => package.Manager).Select(manager => $"{manager.Key}: {InertText.Line(string.Join(", ", manager.Select(package => package.Name)))}")];

    /// <summary>After: what changed between the two images.</summary>
    public static string Tell(ImageChanges changes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"What changed: {changes.Files} {(changes.Files == 1 ? "file" : "files")}, {changes.Bytes / 1024.0 / 1024:0.0} MiB more\n");
        List(text, "packages", changes.Packages);
        List(text, "users and groups", changes.Users);
        List(text, "set-user-id and set-group-id files (without effect in a bottle: no new privileges)", changes.Setuid);
        return text.ToString();
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        text.Append(CultureInfo.InvariantCulture, $"  {title}:{(lines.Count == 0 ? " none" : "")}\n");
        foreach (var line in lines.Take(Shown))
            text.Append("    ").Append(InertText.Excerpt(line, 200)).Append('\n');
        if (lines.Count > Shown)
            text.Append(CultureInfo.InvariantCulture, $"    … and {lines.Count - Shown} more, all in the audit log\n");
    }
}
