using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

// The part of xUnit that the tests use, for machines without NuGet. A project with the package xunit does not need it.
namespace Xunit
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class FactAttribute : Attribute
    {
    }

    public static class Assert
    {
        public static void Equal<T>(T expected, T actual)
        {
            if (!Equals(expected, actual)) throw new Exception($"expected: {expected}\nfound: {actual}");
        }

        public static void StartsWith(string expected, string actual)
        {
            if (!actual.StartsWith(expected, StringComparison.Ordinal)) throw new Exception($"expected at the start: {expected}\nfound: {actual}");
        }

        public static void Contains(string expected, string actual)
        {
            if (!actual.Contains(expected)) throw new Exception($"expected a part: {expected}\nfound: {actual}");
        }

        public static T Throws<T>(Action code) where T : Exception
        {
            return ThrowsAsync<T>(() => { code(); return Task.CompletedTask; }).GetAwaiter().GetResult();
        }

        public static async Task<T> ThrowsAsync<T>(Func<Task> code) where T : Exception
        {
            try
            {
                await code();
            }
            catch (Exception error) when (error.GetType() == typeof(T))
            {
                return (T)error;
            }
            throw new Exception($"expected an exception of the type {typeof(T)}");
        }
    }

    /// <summary>Runs the tests of this program: the classes in parallel, each test with an object of its own.</summary>
    public static class Runner
    {
        public static int Run()
        {
            var classes = Assembly.GetExecutingAssembly().GetTypes().Where(type => Tests(type).Any());
            var failures = Task.WhenAll(classes.Select(type => Task.Run(() => Failures(type)))).GetAwaiter().GetResult();
            var run = classes.Sum(type => Tests(type).Count());
            var failed = failures.Sum();
            Console.WriteLine($"{run - failed} passed, {failed} failed");
            return run > 0 && failed == 0 ? 0 : 1;
        }

        private static IEnumerable<MethodInfo> Tests(Type type)
        {
            return type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute)));
        }

        private static async Task<int> Failures(Type type)
        {
            var failed = 0;
            foreach (var test in Tests(type))
            {
                try
                {
                    var tested = Activator.CreateInstance(type);
                    using (tested as IDisposable)
                    {
                        await (test.Invoke(tested, null) as Task ?? Task.CompletedTask);
                    }
                }
                catch (Exception error)
                {
                    failed++;
                    Console.WriteLine($"{type}.{test.Name} failed: {(error as TargetInvocationException)?.InnerException ?? error}");
                }
            }
            return failed;
        }
    }
}
