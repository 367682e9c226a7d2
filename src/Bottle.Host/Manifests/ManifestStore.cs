using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;

namespace Bottle.Host.Manifests;

/// <summary>Finds and reads manifests in their roots: the first root that has a name wins (SPEC A3). Reads nothing but manifests: no variable, no secret.</summary>
public sealed class ManifestStore
{
    private const string Agents = "agents";
    private readonly IReadOnlyList<string> _roots;
    private readonly string _workingDirectory;
    private readonly string _userSkills;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary><paramref name="roots"/> in order, full paths (<see cref="Roots"/>); paths are shown relative to <paramref name="workingDirectory"/>; <paramref name="userSkills"/> is <c>~/.claude/skills</c>.</summary>
    public ManifestStore(IReadOnlyList<string> roots, string workingDirectory, string? userSkills = null)
    {
        _roots = [.. roots.Select(Path.GetFullPath).Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
        _workingDirectory = Path.GetFullPath(workingDirectory);
        _userSkills = userSkills ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".claude", "skills");
    }

    /// <summary>The roots of SPEC A3, in order: <c>--manifests</c> (relative to where the user typed), <paramref name="homeBottles"/>, <c>./bottles</c>.</summary>
    /// <exception cref="BottleException">BTL1007: <paramref name="manifests"/> is no directory.</exception>
    public static IReadOnlyList<string> Roots(string? manifests, string homeBottles, string workingDirectory)
    {
        var roots = new List<string> { homeBottles, Path.Combine(workingDirectory, "bottles") };
        if (manifests is null)
            return roots;
        var directory = Path.GetFullPath(manifests, workingDirectory);
        if (!Directory.Exists(directory))
            throw new BottleException(ManifestErrors.NoManifestDirectory(manifests));
        return [directory, .. roots];
    }

    /// <summary>The text of a file that was read, by its path for people: what <see cref="DiagnosticText"/> wants; null for any other.</summary>
    public string? TextOf(string display) => _texts.GetValueOrDefault(display);

    /// <summary>Reads an agent, its bottle and every provider.</summary>
    /// <exception cref="BottleException">Every error of every file that the launch needs, BTL1xxx.</exception>
    public LoadedManifests Load(string agentName)
    {
        if (!ManifestName.IsValid(agentName))
            throw new BottleException(ManifestErrors.BadName(null, "an agent", agentName));
        var shadowed = new List<Diagnostic>();
        var problems = new List<Diagnostic>();
        var agentFile = Find(Agents, agentName, ".md", $"agent '{agentName}'", shadowed)
            ?? throw new BottleException(ManifestErrors.UnknownAgent(agentName, Names(Agents, ".md"), DisplayedRoots));
        var agent = Manifest(agentFile, ManifestReader.ReadAgent, problems);
        var (bottleFile, bottle) = agent is null ? (null, null) : ReadBottle(agent, shadowed, problems);
        var providers = ReadProviders(agent, bottle, problems);
        var skills = agent is null ? [] : FindSkills(agent, agentFile, problems);
        if (problems.Exists(p => p.Severity == Severity.Error) || agent is null || bottle is null)
            throw new BottleException(problems);
        var image = ImageName(agent, providers.Used?.Manifest);
        return new LoadedManifests
        {
            Agent = agent,
            Bottle = bottle,
            Providers = [.. providers.All.Select(p => p.Manifest)],
            Provider = providers.Used?.Manifest,
            Files = [.. new[] { agentFile, bottleFile, providers.Used?.File }.OfType<LoadedFile>()],
            Skills = skills,
            ImageName = image,
            ImageDirectory = FindImageDirectory(image),
            Shadowed = shadowed,
        };
    }

    /// <summary>Reads a bottle by itself, as an agent with the default command would have it, and every provider.</summary>
    /// <exception cref="BottleException">Every error of its file, BTL1xxx.</exception>
    public LoadedManifests LoadBottle(string name)
    {
        var place = new SourceSpan(name, 1, 1);
        if (!ManifestName.IsValid(name))
            throw new BottleException(ManifestErrors.BadName(null, "a bottle", name));
        var agent = new AgentManifest { Name = name, File = name, Bottle = new Located<string>(name, place), Where = place };
        var (shadowed, problems) = (new List<Diagnostic>(), new List<Diagnostic>());
        var (file, bottle) = ReadBottle(agent, shadowed, problems);
        var providers = ReadProviders(agent, bottle, problems);
        if (problems.Exists(p => p.Severity == Severity.Error) || bottle is null)
            throw new BottleException([.. problems.Select(problem => problem.Where == place ? problem with { Where = null } : problem)]);
        return new LoadedManifests
        {
            Agent = agent with { File = file!.Display },
            ImageName = agent.Name,
            Bottle = bottle,
            Providers = [.. providers.All.Select(p => p.Manifest)],
            Provider = providers.Used?.Manifest,
            Files = [.. new[] { file, providers.Used?.File }.OfType<LoadedFile>()],
            Skills = [],
            Shadowed = shadowed,
        };
    }

    /// <summary>Every agent, by name; one that cannot be read has its first error instead of a description.</summary>
    public IReadOnlyList<ListedManifest> ListAgents() => [.. Names(Agents, ".md").Select(name => Listed(Agents, name, (file, text) =>
    {
        var read = ManifestReader.ReadAgent(file, text);
        return (read.Manifest?.Description, read.Diagnostics);
    }))];

    /// <summary>Every bottle, by name; one that cannot be read has its first error instead of a description.</summary>
    public IReadOnlyList<ListedManifest> ListBottles() => [.. Names("", ".md").Select(name => Listed("", name, (file, text) =>
    {
        var read = ManifestReader.ReadBottle(file, text);
        return (read.Manifest is null ? null : "", read.Diagnostics);
    }))];

    private List<string> DisplayedRoots => [.. _roots.Select(Display)];

    private (LoadedFile?, BottleManifest?) ReadBottle(AgentManifest agent, List<Diagnostic> shadowed, List<Diagnostic> problems)
    {
        var name = agent.Bottle.Value;
        if (Find("", name, ".md", $"bottle '{name}'", shadowed) is { } file)
            return (file, Manifest(file, ManifestReader.ReadBottle, problems));
        problems.Add(ManifestErrors.UnknownBottle(agent.Bottle.Where, name, Names("", ".md"), DisplayedRoots));
        return (null, null);
    }

    private (List<FoundProvider> All, FoundProvider? Used) ReadProviders(AgentManifest? agent, BottleManifest? bottle, List<Diagnostic> problems)
    {
        var all = new List<FoundProvider>();
        foreach (var name in Names("providers", ".yaml"))
            if (Find("providers", name, ".yaml", $"provider '{name}'", []) is { } file && Manifest(file, ManifestReader.ReadProvider, problems) is { } provider)
                all.Add(new FoundProvider(provider, file));
        var named = bottle?.Provider?.Value;
        var matching = named is "none" ? [] : named is not null ? all.FindAll(p => p.Manifest.Name == named) : all.FindAll(p => agent is not null && p.Manifest.IsFor(agent.Command));
        if (matching.Count > 1)
            problems.Add(ManifestErrors.DuplicateProviderCommand(new SourceSpan(matching[1].File.Display, 1, 1), matching[0].Manifest.Command, matching[0].File.Display));
        return (all, matching.Count > 0 ? matching[0] : null);
    }

    private List<SkillDirectory> FindSkills(AgentManifest agent, LoadedFile agentFile, List<Diagnostic> problems)
    {
        var skills = new List<SkillDirectory>();
        foreach (var skill in agent.Skills)
        {
            var (found, problem) = SkillFinder.Find(skill.Value, Path.GetDirectoryName(agentFile.FullPath)!, _userSkills);
            if (found is not null)
                skills.Add(found);
            else
                problems.Add(ManifestErrors.BadSkill(skill.Where, skill.Value, problem!));
        }

        return skills;
    }

    // An agent's own image goes before that of its provider, wherever they lie.
    private string ImageName(AgentManifest agent, ProviderManifest? provider) =>
        provider is not null && ImageRoot(agent.Name) is null && ImageRoot(provider.Name) is not null ? provider.Name : agent.Name;

    private string? ImageRoot(string name) => _roots.FirstOrDefault(root => File.Exists(Path.Combine(root, "images", name, "Dockerfile")));

    // As the images are found when they are built: the first root wins, whichever root the agent comes from.
    private string? FindImageDirectory(string name)
    {
        if (ImageRoot(name) is not { } root)
            return null;
        var directory = Path.Combine(root, "images", name);
        return Links.StaysWithin(directory, root) ? directory
            : throw new BottleException(ManifestErrors.Unreadable(new SourceSpan(Display(directory), 1, 1), "it is a link that leaves its directory of manifests"));
    }

    private static T? Manifest<T>(LoadedFile file, Func<string, string, ManifestResult<T>> read, List<Diagnostic> problems) where T : class
    {
        var result = read(file.Display, file.Text);
        problems.AddRange(result.Diagnostics);
        return result.Manifest;
    }

    private LoadedFile? Find(string folder, string name, string extension, string subject, List<Diagnostic> shadowed)
    {
        var relative = folder.Length == 0 ? name + extension : $"{folder}/{name}{extension}";
        var found = _roots.Select(root => Path.Combine(root, relative)).Where(path => File.Exists(path) || Directory.Exists(path)).ToList();
        if (found.Count == 0)
            return null;
        shadowed.AddRange(found.Skip(1).Select(path => ManifestErrors.Shadowed(new SourceSpan(Display(path), 1, 1), subject, Display(found[0]))));
        var display = Display(found[0]);
        if (!Links.StaysWithin(found[0], found[0][..^(relative.Length + 1)]))
            throw new BottleException(ManifestErrors.Unreadable(new SourceSpan(display, 1, 1), "it is a link that leaves its directory of manifests"));
        var text = ManifestFile.Read(found[0], display);
        _texts[display] = text;
        return new LoadedFile(found[0], display, relative, text);
    }

    private ListedManifest Listed(string folder, string name, Func<string, string, (string? Description, IReadOnlyList<Diagnostic> Diagnostics)> describe)
    {
        try
        {
            var file = Find(folder, name, ".md", name, [])!;
            var (description, diagnostics) = describe(file.Display, file.Text);
            return new ListedManifest(name, description ?? "", file.Display, description is null ? Broken(diagnostics) : null);
        }
        catch (BottleException unreadable)
        {
            return new ListedManifest(name, "", unreadable.Diagnostics[0].Where?.File ?? name, Broken(unreadable.Diagnostics));
        }
    }

    private static string Broken(IReadOnlyList<Diagnostic> diagnostics) => $"{diagnostics[0].Code}: {InertText.Line(diagnostics[0].Message)}";

    // README.md and other names that break the rule are no manifests.
    private List<string> Names(string folder, string extension) => [.. _roots.Select(root => Path.Combine(root, folder)).Where(Directory.Exists)
        .SelectMany(directory => Directory.EnumerateFiles(directory, "*" + extension)).Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Where(ManifestName.IsValid).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private string Display(string path)
    {
        var relative = Path.GetRelativePath(_workingDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private sealed record FoundProvider(ProviderManifest Manifest, LoadedFile File);
}
