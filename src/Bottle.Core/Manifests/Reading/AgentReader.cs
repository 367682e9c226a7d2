using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads an agent's front matter and prompt (SPEC A2).</summary>
internal static class AgentReader
{
    /// <summary>The keys of an agent, in the order in which they are documented.</summary>
    public static readonly string[] Keys = ["bottle", "description", "skills", "command"];

    private const int MaxDescription = 200;
    private const string OwnSkills = "~/.claude/skills/";

    public static AgentManifest? Read(ManifestSource source, YamlMap top, FrontMatter front)
    {
        if (MapReader.Open(source, top, source.Subject, Keys) is not { } map)
            return null;
        var bottle = map.RequiredText("bottle", "bottle: dev");
        if (bottle is not null && !ManifestName.IsValid(bottle.Value))
            source.Report(ManifestErrors.BadName(bottle.Where, "a bottle", bottle.Value));
        var agent = new AgentManifest
        {
            Name = source.Name,
            File = source.File,
            Bottle = bottle ?? new Located<string>("", map.Where),
            Description = ReadDescription(source, map),
            Skills = ReadSkills(source, map),
            Command = ReadCommand(source, map),
            Prompt = front.Body.Trim(),
            Where = source.At(1, 1, 3),
        };
        return bottle is null ? null : agent;
    }

    private static string ReadDescription(ManifestSource source, MapReader map)
    {
        if (map.Text("description") is not { } description)
            return "";
        if (description.Value.Length > MaxDescription || InertText.Line(description.Value) != description.Value)
            source.Report(ManifestErrors.BadDescription(description.Where, MaxDescription));
        return description.Value;
    }

    private static IReadOnlyList<Located<string>> ReadSkills(ManifestSource source, MapReader map)
    {
        var skills = map.Texts("skills") ?? [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var skill in skills)
            if ((SkillProblem(skill.Value) ?? (seen.Add(skill.Value.TrimEnd('/')) ? null : "it stands here a second time")) is { } problem)
                source.Report(ManifestErrors.BadSkill(skill.Where, skill.Value, problem));
        return skills;
    }

    // What the path means on this host (does it exist, do links leave it) is for ManifestStore to find out.
    private static string? SkillProblem(string skill)
    {
        var path = skill.StartsWith(OwnSkills, StringComparison.Ordinal) ? skill[OwnSkills.Length..] : skill;
        return path switch
        {
            "" => "it names no directory",
            _ when InertText.Line(path) != path || path.Length > 1024 => "it holds invisible characters, or is longer than 1024",
            _ when path.StartsWith('/') || path.StartsWith('~') => "it lies outside the manifest's directory and ~/.claude/skills",
            _ when path.Contains('\\', StringComparison.Ordinal) => "directories are divided by '/'",
            _ when path.TrimEnd('/').Split('/').Any(part => part is "" or "." or "..") => "it has an empty part, '.' or '..'",
            _ => null,
        };
    }

    private static IReadOnlyList<string> ReadCommand(ManifestSource source, MapReader map)
    {
        if (ArgumentReader.Read(source, map, "command") is not { } command)
            return ["claude"];
        if (map.List("command") is { Count: 0 })
            source.Report(ManifestErrors.EmptyList(map.KeyAt("command"), "'command'", "remove it for Claude Code, or write '[program, argument]'"));
        if (command.Count > 0 && (command[0].Value.Length == 0 || command[0].Value.StartsWith('-')))
            source.Report(ManifestErrors.WrongType(command[0].Where, "the first item of 'command'", "a program", "empty, or an option"));
        return [.. command.Select(item => item.Value)];
    }
}
