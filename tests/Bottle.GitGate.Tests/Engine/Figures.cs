using System.Globalization;
using Bottle.Contracts.Git;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

/// <summary>The gate against a direct connection over the same ssh, round by round in one run (issue 4's figures). Not a test of every build: run it by name, it prints a table.</summary>
[RequiresEngine]
[Explicit("measures; run it alone")]
public sealed class Figures
{
    private const int Rounds = 9;

    private static readonly (string Name, string Prepare, string Command, double Goal)[] Cases =
    [
        ("small push", "echo $RANDOM$RANDOM > f; git add f; git commit -qm f", "git push -q origin HEAD:agent/$WHO", 2.0),
        ("no-op fetch", "true", "git fetch -q origin", 1.2),
        ("10,000 objects", "rm -rf m; mkdir m; for i in $(seq 10000); do echo \"$RANDOM $RANDOM line $i of a file\" > m/$i; done; git add m; git commit -qm m", "git push -q origin HEAD:agent/$WHO", 1.5),
    ];

    [Test]
    public async Task Gate_against_direct()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync(new PushPolicy { Branches = ["*"], Protected = [], Force = true });
        await gate.SeedAsync();
        var direct = $"{lab.Name}-direct";
        await lab.ContainerAsync(direct, ["--network", lab.Outside, "--tmpfs", "/w:exec,mode=1777,size=1g", "-v", $"{lab.Folder}:/k:ro", lab.PeerImage, "sleep", "infinity"]);
        var sshUrl = $"ssh://git@{Lab.UpstreamHost}/srv/git/{gate.Repository}.git";
        var viaGate = new Contestant(lab, lab.Client, "gate", gate.Url, $"/w/{gate.Repository}");
        var viaSsh = new Contestant(lab, direct, "direct", sshUrl, "/w/direct");
        await viaSsh.DoAsync($"mkdir -p /w/direct; install -m 600 /k/deploy /w/direct/key; echo \"{Lab.UpstreamHost} $(cut -d' ' -f1,2 /k/hostkey.pub)\" > /w/direct/known; git clone -q $URL /w/direct/w");
        foreach (var (name, prepare, command, goal) in Cases)
        {
            var times = new Dictionary<Contestant, List<double>> { [viaGate] = [], [viaSsh] = [] };
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var contestant in round % 2 == 0 ? new[] { viaGate, viaSsh } : [viaSsh, viaGate])
                {
                    var took = await contestant.TimeAsync(prepare, command);
                    if (round > 0)
                    {
                        times[contestant].Add(took);
                    }
                }
            }
            double here = Median(times[viaGate]), there = Median(times[viaSsh]);
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"suite\":\"git\",\"case\":\"{name}\",\"gate_ms\":{here * 1000:0},\"direct_ms\":{there * 1000:0},\"ratio\":{here / there:0.00},\"goal\":{goal:0.0},\"rounds\":{Rounds}}}"));
        }
        await gate.AssertInStepAsync();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Contestant(Lab Lab, string Container, string Who, string Url, string Home)
    {
        public async Task<string> DoAsync(string script)
        {
            string[] environment = [$"URL={Url}", $"WHO={Who}", $"HOME={Home}", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@a.test", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@a.test", $"GIT_SSH_COMMAND=ssh -i {Home}/key -o UserKnownHostsFile={Home}/known -o IdentitiesOnly=yes"];
            var spoken = await Lab.ShellAsync(Container, "git", "/w", "set -e\n" + script, environment);
            Assert.That(spoken.Succeeded, spoken.Text);
            return spoken.Text;
        }

        // Timed inside the container: what docker exec costs is not the gate's.
        public async Task<double> TimeAsync(string prepare, string command)
        {
            var text = await DoAsync($"cd {Home}/w; {prepare}; s=$EPOCHREALTIME; {command}; e=$EPOCHREALTIME; echo \"took $((${{e/./}} - ${{s/./}}))\"");
            return double.Parse(text[(text.LastIndexOf("took ", StringComparison.Ordinal) + 5)..], CultureInfo.InvariantCulture) / 1e6;
        }
    }
}
