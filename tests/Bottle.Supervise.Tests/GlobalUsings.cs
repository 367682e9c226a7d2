global using Bottle.Supervise.Tests.Harness;
global using Bottle.Testing;
global using NUnit.Framework;
