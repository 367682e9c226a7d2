using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Tests.Planning;
using Bottle.Testing;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Core.Tests.Capability;

[Parallelizable(ParallelScope.All)]
public sealed class CapabilityParserTests
{
    [Test]
    public void A_run_and_a_variable_are_steps()
    {
        var request = CapabilityParser.Parse(["RUN apt-get update && apt-get install -y jq", "ENV EDITOR=vi", "ENV QUOTED=\"two words\""]);
        Assert.That(request.Steps, Is.EqualTo(new CapabilityStep[]
        {
            new CapabilityStep.Run("apt-get update && apt-get install -y jq"), new CapabilityStep.Env("EDITOR", "vi"), new CapabilityStep.Env("QUOTED", "two words"),
        }));
        Assert.That(request.Steps.Select(step => step.Line).Skip(1), Is.EqualTo(["ENV EDITOR=\"vi\"", "ENV QUOTED=\"two words\""]));
    }

    [TestCase("FROM evil.example/image")]
    [TestCase("# syntax=evil.example/frontend")]
    [TestCase("#syntax=evil.example/frontend")]
    [TestCase("ADD https://evil.example/x /x")]
    [TestCase("COPY --from=evil.example/image /x /x")]
    [TestCase("RUN --mount=type=bind,from=evil.example/image,target=/m cp /m/x /x")]
    [TestCase("RUN --network=host curl x")]
    [TestCase("RUN  --security=insecure x")]
    [TestCase("RUN cat <<EOF > /x")]
    [TestCase("RUN echo a \\")]
    [TestCase("RUN echo a\nFROM evil.example/image")]
    [TestCase("RUN echo a\rFROM evil.example/image")]
    [TestCase("RUN echo a\u2028FROM evil.example/image")]
    [TestCase("RUN echo a\u0085FROM evil.example/image")]
    [TestCase("RUN echo \u202egnihtemos")]
    [TestCase("RUN [\"/bin/sh\", \"-c\", \"x\"]")]
    [TestCase("RUN")]
    [TestCase("RUN ")]
    [TestCase("run echo a")]
    [TestCase(" RUN echo a")]
    [TestCase("RUN\techo a")]
    [TestCase("USER root")]
    [TestCase("ONBUILD RUN x")]
    [TestCase("SHELL [\"/bin/x\"]")]
    [TestCase("VOLUME /x")]
    [TestCase("ENV A")]
    [TestCase("ENV A b")]
    [TestCase("ENV A=$B")]
    [TestCase("ENV A=\"x\" B=y")]
    [TestCase("ENV A=a\\ b")]
    [TestCase("ENV PATH=/x")]
    [TestCase("ENV http_proxy=http://evil.example")]
    [TestCase("ENV LD_PRELOAD=/x.so")]
    [TestCase("ENV NODE_OPTIONS=--require=/x")]
    [TestCase("ENV 1A=x")]
    [TestCase("")]
    public void Anything_else_is_refused(string step)
    {
        var error = Assert.Throws<BottleException>(() => CapabilityParser.Parse([step]))!.Diagnostics.Single();
        Assert.That(error.Code, Is.EqualTo("BTL7401"));
        Assert.That(InertText.Line(error.Message), Is.EqualTo(error.Message));
    }

    [Test]
    public void Every_refused_step_is_named_at_once() =>
        Assert.That(Assert.Throws<BottleException>(() => CapabilityParser.Parse(["FROM x", "RUN a", "ADD y /"]))!.Diagnostics.Select(d => d.Message[..6]), Is.EqualTo(["step 1", "step 3"]));

    [Test]
    public void No_steps_and_too_many_are_refused()
    {
        Assert.Throws<BottleException>(() => CapabilityParser.Parse([]));
        Assert.Throws<BottleException>(() => CapabilityParser.Parse([.. Enumerable.Repeat("RUN a", 51)]));
    }

    [TestCase("RUN apt-get update && apt-get install -y --no-install-recommends jq=1.6-2 git", "apt jq=1.6-2, apt git")]
    [TestCase("RUN apt-get -qq -y install jq;pip3 install 'requests==2.0' && npm i -g typescript", "apt jq, pip requests==2.0, npm typescript")]
    [TestCase("RUN sudo /usr/bin/apt-get install jq", "apt jq")]
    [TestCase("RUN (apk add --no-cache curl)", "apk curl")]
    [TestCase("RUN apt-get remove jq", "")]
    [TestCase("RUN echo install jq", "")]
    [TestCase("RUN apt-get", "")]
    public void Packages_are_named_as_far_as_they_can_be_told(string step, string packages) =>
        Assert.That(string.Join(", ", CapabilityParser.Parse([step]).Packages.Select(package => $"{package.Manager} {package.Name}")), Is.EqualTo(packages));

    // Whatever passes is one RUN or one ENV, all of it visible, and what is run is what stood there.
    [Test]
    public void What_passes_is_what_a_person_reads() => Prop.ForAll(Steps.ToArbitrary(), step =>
    {
        try
        {
            var parsed = CapabilityParser.Parse([step]).Steps.Single();
            return InertText.Line(parsed.Line) == parsed.Line && !parsed.Line.Contains('\n', StringComparison.Ordinal)
                && parsed switch { CapabilityStep.Run run => $"RUN {run.Command}" == $"RUN {step[4..].Trim()}" && !run.Command.StartsWith('-'), CapabilityStep.Env env => step.Contains(env.Name, StringComparison.Ordinal), _ => false };
        }
        catch (BottleException refused)
        {
            return refused.Diagnostics.All(problem => problem.Code == "BTL7401");
        }
    }).QuickCheckThrowOnFailure();

    [Test]
    public void What_an_operator_reads_is_as_it_was()
    {
        var request = CapabilityParser.Parse(["RUN apt-get update", "RUN apt-get install -y jq && curl https://example.com/x", "ENV EDITOR=vi"]);
        var changes = new ImageChanges
        {
            Packages = ["+ jq 1.6-2", "~ libc6 1 to 2"],
            Users = ["+ \u001b[31mroot2:x:0:0::/:/bin/sh"],
            Setuid = [],
            Files = 12,
            Bytes = 5 * 1024 * 1024,
        };
        Golden.Verify(CapabilityText.Ask(request, Samples.Plan(Samples.Route("api.example.com"))) + "---\n" + CapabilityText.Ask(request, Samples.Plan()) + "---\n" + CapabilityText.Tell(changes), "golden/capability.txt");
    }

    [Test]
    public void Two_images_differ_by_packages_users_and_files_that_run_as_others()
    {
        const string status = "Package: jq\nStatus: install ok installed\nVersion: 1.6-2\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n";
        var before = new ImageSnapshot { Packages = PackageDatabase.Dpkg("Package: a\nStatus: install ok installed\nVersion: 1\n"), Users = new HashSet<string> { "root:x:0:0" }, Bytes = 10 };
        var after = new ImageSnapshot { Packages = PackageDatabase.Dpkg(status), Users = new HashSet<string> { "root:x:0:0", "x:x:0:0" }, Setuid = new HashSet<string> { "/x 0:0 4755" }, Bytes = 30 };
        var changes = ImageChanges.Between(before, after, 7);
        Assert.That(changes.Packages, Is.EqualTo(["- a 1", "+ jq 1.6-2"]));
        Assert.That(changes.Users, Is.EqualTo(["+ x:x:0:0"]));
        Assert.That(changes.Setuid, Is.EqualTo(["+ /x 0:0 4755"]));
        Assert.That((changes.Files, changes.Bytes), Is.EqualTo((7, 20L)));
        Assert.That(PackageDatabase.Apk("P:jq\nV:1\nA:x\n\nP:b\nV:2\n").Keys, Is.EqualTo(["jq", "b"]));
    }

    private static Gen<string> Steps
    {
        get
        {
            var word = Gen.Elements("RUN", "ENV", "FROM", "ADD", "--mount=x", "A=b", "A=\"b\"", "PATH=x", "apt-get", "install", "jq", "&&", ";", "\\", "<<E", "[", "#", "\n", "\r", "\t", "\u2028", "\u202e", "\u200b", "\u001b[2J", "é", "$(x)", "\"", "'");
            return word.ListOf().Select(words => string.Join(' ', words)).Or(Gen.Elements("RUN ", "ENV ").SelectMany(_ => word.ListOf(), (start, words) => start + string.Join(' ', words)));
        }
    }
}
