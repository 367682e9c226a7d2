using Bottle.Host.Tests.Processes;

namespace Bottle.Host.Tests.Images;

/// <summary>A repository on disk with just what image recipes are made of.</summary>
internal sealed class FakeRepository : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FakeRepository()
    {
        Write("bottles/images/base/Dockerfile", "FROM debian:bookworm-slim\n");
        Write("bottles/images/base/packages", "curl # a client\n# a comment\nlibssl3\n");
        Write("bottles/images/default/Dockerfile", "ARG BASE\nFROM ${BASE}\n");
        Write("bottles/images/demo/Dockerfile", "ARG BASE\nFROM ${BASE}\nCOPY script /script\n");
        Write("bottles/images/demo/script", "echo hello\n");
        Write("src/Bottle.Contracts/Bottle.Contracts.csproj", "<Project />");
        Write("src/Bottle.Contracts/Route.cs", "class Route;");
        Write("src/Bottle.Egress/Bottle.Egress.csproj", """<Project><ItemGroup><ProjectReference Include="../Bottle.Contracts/Bottle.Contracts.csproj" /></ItemGroup></Project>""");
        Write("src/Bottle.Egress/Dockerfile", "ARG BASE\nFROM ${BASE}\nCOPY egress /egress\n");
        Write("src/Bottle.Egress/Program.cs", "return 0;");
        Write("src/Bottle.GitGate/Bottle.GitGate.csproj", "<Project />");
        Write("src/Bottle.GitGate/Dockerfile", "ARG BASE\nFROM ${BASE}\n");
        foreach (var program in (string[])["Bottle.DemoUpstream", "Bottle.PipelockStandIn"])
        {
            Write($"tests/{program}/{program}.csproj", "<Project />");
            Write($"tests/{program}/Dockerfile", "ARG BASE\nFROM ${BASE}\n");
        }
    }

    public string Path => folder.Path;

    public void Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => folder.Dispose();
}
