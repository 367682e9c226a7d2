using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads a provider's file (SPEC A9, A12): YAML without Markdown around it.</summary>
internal static class ProviderReader
{
    private static readonly string[] Keys = ["command", "routes", "credentials", "env", "prompt", "instructions", "settings", "resume", "resume_prompt", "transcript"];
    private static readonly string[] CredentialKeys = ["from", "placeholder", "scheme", "header"];

    public static ProviderManifest? Read(ManifestSource source, YamlMap top)
    {
        if (MapReader.Open(source, top, source.Subject, Keys) is not { } map)
            return null;
        var command = map.RequiredText("command", "command: claude");
        if (command is not null && !ManifestName.IsValid(command.Value))
            source.Report(ManifestErrors.BadName(command.Where, "a command", command.Value));
        var routes = map.List("routes")?.Select(item => RouteReader.Read(source, item, isProvider: true)).OfType<RouteManifest>().ToList() ?? [];
        foreach (var route in routes.Where(route => route.Paths is null || route.Methods is null || route.Ports.Contains(80)))
            source.Report(ManifestErrors.UnlimitedProviderRoute(route.Where));
        RouteConflicts.Report(source, routes);
        var credentials = map.List("credentials")?.Select(item => ReadCredential(source, item)).OfType<ProviderCredential>().ToList() ?? [];
        if (routes.Count > 0 && !map.Has("credentials"))
            source.Report(ManifestErrors.MissingKey(map.Where, source.Subject, "credentials", "credentials: [{from: NAME, scheme: Bearer}]"));
        var instructions = ProviderSettingReader.Path(source, map.Text("instructions"));
        var provider = new ProviderManifest
        {
            Name = source.Name,
            File = source.File,
            Command = command?.Value ?? "",
            Routes = routes,
            Credentials = credentials,
            Environment = EnvironmentReader.Read(source, map.Node("env"), isProvider: true),
            PromptArguments = ArgumentReader.Read(source, map, "prompt")?.Select(argument => argument.Value).ToList(),
            ResumeArguments = ArgumentReader.Read(source, map, "resume")?.Select(argument => argument.Value).ToList(),
            ResumePromptArguments = ArgumentReader.Read(source, map, "resume_prompt")?.Select(argument => argument.Value).ToList(),
            Transcript = [.. (map.Texts("transcript") ?? []).Select(path => ProviderSettingReader.Path(source, path)).OfType<string>()],
            Instructions = instructions,
            Settings = ProviderSettingReader.Read(source, map, instructions),
        };
        return command is null ? null : provider;
    }

    private static ProviderCredential? ReadCredential(ManifestSource source, YamlNode node)
    {
        if (MapReader.Open(source, node, "a credential", CredentialKeys) is not { } map)
            return null;
        var from = Variable(source, map.RequiredText("from", "from: CLAUDE_CODE_OAUTH_TOKEN"));
        var placeholder = map.Has("placeholder") ? Variable(source, map.Text("placeholder")) : from;
        if (AuthReader.ReadScheme(source, map) is not { } scheme || AuthReader.ReadHeader(source, map, scheme.Scheme) is not { } header || from is null || placeholder is null)
            return null;
        var auth = new AuthManifest { Scheme = scheme.Scheme, Header = header, Token = new Located<SecretRef>(new SecretRef.Environment(from.Value), from.Where) };
        return new ProviderCredential(auth, from.Value, placeholder.Value);
    }

    private static Located<string>? Variable(ManifestSource source, Located<string>? name)
    {
        if (name is null || EnvironmentReader.IsName(name.Value))
            return name;
        source.Report(ManifestErrors.BadVariableName(name.Where, name.Value));
        return null;
    }
}
