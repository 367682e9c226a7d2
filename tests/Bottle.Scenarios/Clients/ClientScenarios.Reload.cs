using System.Text.Json;

namespace Bottle.Scenarios.Clients;

/// <content>A routes.yaml that cannot be used: the table in force stays, and health says why (attacks.md 31, SPEC F6).</content>
internal sealed partial class ClientScenarios
{
    private const string Routes = "routes.yaml";

    [TestCase("half-written", "routes.yaml")]
    [TestCase("empty", "is empty")]
    [TestCase("huge", "larger than")]
    [TestCase("a directory", "not a regular file")]
    [TestCase("a link", "not a regular file")]
    [TestCase("gone", "does not exist")]
    public async Task A_table_that_cannot_be_used_leaves_the_last_one_in_force_and_says_so(string kind, string reason)
    {
        var path = Path.Combine(bottle.EgressFolder, Routes);
        var saved = path + ".saved";
        var before = await bottle.IntrospectAsync("allowlist");
        File.Move(path, saved);
        try
        {
            Put(kind, path, saved);
            await ReloadAsync();
            var health = await HealthAsync(health => health.GetProperty("reload_error").ValueKind == JsonValueKind.Object);
            Assert.That(health.GetProperty("reload_error").GetProperty("reason").GetString(), Does.Contain(reason));
            Assert.That((await bottle.IntrospectAsync("allowlist")).ToString(), Is.EqualTo(before.ToString()), "the last good table");
            Assert.That((await bottle.AgentAsync("curl -sS http://_egress.local/healthz")).Said, Does.Contain(reason), "the agent can see it too");
            Assert.That((await bottle.AgentAsync("curl -sS --fail https://api.demo.test/v1/hello")).Code, Is.Zero);
            Assert.That((await bottle.AgentAsync("curl -sS https://denied.demo.test/")).Said, Does.Contain(Denial));
        }
        finally
        {
            Remove(path);
            File.Move(saved, path);
        }
        await ReloadAsync();
        await HealthAsync(health => health.GetProperty("reload_error").ValueKind == JsonValueKind.Null);
    }

    private static void Put(string kind, string path, string good)
    {
        switch (kind)
        {
            case "half-written":
                var text = File.ReadAllText(good);
                File.WriteAllText(path, text[..(text.LastIndexOf("host: \"", StringComparison.Ordinal) + 9)]);
                break;
            case "empty":
                File.WriteAllText(path, "");
                break;
            case "huge":
                File.WriteAllText(path, File.ReadAllText(good) + string.Concat(Enumerable.Repeat("# more and more of it\n", 1_000_000)));
                break;
            case "a directory":
                Directory.CreateDirectory(path);
                break;
            case "a link":
                File.CreateSymbolicLink(path, Path.GetFileName(good));
                break;
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null) Directory.Delete(path);
        else File.Delete(path);
    }

    private Task<string> ReloadAsync() => ClientBottle.DockerAsync("kill", "--signal", "HUP", bottle.Container("egress"));

    // The signal is handled some time after it is sent.
    private async Task<JsonElement> HealthAsync(Func<JsonElement, bool> wanted)
    {
        for (var tries = 0; ; tries++)
        {
            var health = await bottle.IntrospectAsync("healthz");
            if (wanted(health)) return health;
            if (tries == 100) Assert.Fail($"health never changed: {health}");
            await Task.Delay(100);
        }
    }
}
