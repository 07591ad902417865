using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Formation.Shop.Messaging;

// <state>
/// <summary>
/// Vivacité : depuis quand <c>Consume</c> n'a-t-il pas rendu la main ? Elle ne dit rien du cluster :
/// redémarrer le service ne réparerait pas un broker.
/// </summary>
public sealed class ConsumerState(ServiceSettings settings) : IHealthCheck
{
    private long lastPollMs = Environment.TickCount64; // temps écoulé depuis le démarrage de la machine : jamais remis à l'heure

    /// <summary><c>Consume</c> vient de rendre la main, avec ou sans message.</summary>
    public void MarkPoll() => Interlocked.Exchange(ref lastPollMs, Environment.TickCount64);

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan age = TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref lastPollMs));
        return Task.FromResult(age < settings.StallAfter
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Consume n'a pas rendu la main depuis {age.TotalSeconds:F0} s"));
    }
}
// </state>
