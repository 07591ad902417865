using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Formation.OrderConsumer;

/// <summary>Vivacité : la boucle tourne-t-elle ? Ni le broker ni le lag n'y changent rien.</summary>
public sealed class PollLoopCheck(ConsumerPulse pulse, ConsumerSettings settings)
    : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // 9. À vous : répondez Unhealthy quand l'âge atteint settings.LivenessMaxAge. Une sonde qui dit toujours oui
        //    ne sert à rien.
        TimeSpan age = pulse.Age;
        string description = $"dernier retour de Consume il y a {age.TotalSeconds:F1} s, seuil {settings.LivenessMaxAge.TotalSeconds:F0} s";
        return Task.FromResult(HealthCheckResult.Healthy(description));
    }
}

/// <summary>Disponibilité : le groupe nous a-t-il donné notre part ?</summary>
public sealed class AssignmentCheck(ConsumerPulse pulse) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(pulse.Assigned
            ? HealthCheckResult.Healthy("part reçue")
            : HealthCheckResult.Unhealthy("en attente du groupe"));
}
