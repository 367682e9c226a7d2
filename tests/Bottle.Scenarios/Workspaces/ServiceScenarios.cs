using System.Text.Json;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Workspaces;

/// <summary>A container of the user's own beside the agent.</summary>
[RequiresEngine]
internal sealed class ServiceScenarios
{
    [Test]
    public async Task A_service_is_reached_by_its_name_when_it_is_well_and_reaches_nothing_itself()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests("env: {LOG: debug}", "['true']");
        await Cake.RunAsync(home, ["--target=BuildImages", "--agent=scenario", "--bottle=scenario-first", "--yes", "--setup"]);
        await Cake.RunAsync(home, ["--target=Cleanup", "--bottle=scenario-first"]);
        var image = await ImageAsync();
        try
        {
            home.WriteManifests(
                $"services: {{db: {{image: '{image}', environment: {{GREETING: \"hello from db\", FROM_HOST: \"${{SERVICE_VALUE}}\"}}, healthcheck: {{test: [CMD, test, -e, /tmp/well], interval: 200ms}}}}}}",
                $"[bash, -c, {JsonSerializer.Serialize("exec 3<>/dev/tcp/db/5555 && echo >&3 && head -c 200 <&3 && exit 6")}]");
            var (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes"], new Dictionary<string, string> { ["SERVICE_VALUE"] = "value-of-the-host" });
            Assert.That((code, error), Is.EqualTo((6, error)), output);
            Assert.That(output, Does.Contain("hello from db value-of-the-host uid=1000 CapEff: 0000000000000000 NoNewPrivs: 1 no way out"));
            Assert.That(await home.LeftAsync(), Is.Empty);
            (code, output, error) = await Cake.RunAsync(home, ["--target=Start", "--agent=scenario", "--yes"]);
            Assert.That((code, error), Is.EqualTo((12, error)).And.Property("Item2").Contains("SERVICE_VALUE"), output);
        }
        finally
        {
            await new CommandRunner().RunAsync(new Command("docker", "image", "rm", "--force", image));
        }
    }

    // Made of the scenario agent's own image, by a commit: no registry, no build.
    private static async Task<string> ImageAsync()
    {
        var runner = new CommandRunner();
        var agent = (await runner.RunCheckedAsync(new Command("docker", "image", "ls", "--filter", "label=bottle.image=agent-scenario", "--format", "{{.Repository}}:{{.Tag}}"))).Output.Split('\n')[0];
        var name = $"bottle-test-service-{Guid.NewGuid():N}:1";
        const string serves = """
            cap=$(grep CapEff /proc/self/status | tr -d '\t'); new=$(grep NoNewPrivs /proc/self/status | tr -d '\t')
            (timeout 3 bash -c 'exec 3<>/dev/tcp/203.0.113.7/80') 2>/dev/null && out='A WAY OUT' || out='no way out'
            echo "$GREETING $FROM_HOST uid=$(id -u) ${cap/:/: } ${new/:/: } $out" > /tmp/answer
            touch /tmp/well; exec /usr/bin/perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 5555, Listen => 5, ReuseAddr => 1) or die; while (my $c = $s->accept) { <$c>; open my $f, "<", "/tmp/answer"; print {$c} <$f>; close $c }'
            """;
        var made = (await runner.RunCheckedAsync(new Command("docker", "create", agent, "sleep", "1"))).Output.Trim();
        try
        {
            await runner.RunCheckedAsync(new Command("docker", "commit", "--change", $"CMD {JsonSerializer.Serialize(new[] { "bash", "-c", serves })}", "--change", "ENTRYPOINT []", made, name));
        }
        finally
        {
            await runner.RunAsync(new Command("docker", "rm", "--force", made));
        }
        return name;
    }
}
