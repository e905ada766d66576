"""What the objects of Kubernetes are made of, as its API has them (1.34).

Written by tests/kubernetes/fields (``go run .``), which asks the types that the API server itself uses.
"""

KINDS = {
    "apps/v1": (
        "ControllerRevision",
        "DaemonSet",
        "Deployment",
        "ReplicaSet",
        "StatefulSet",
    ),
    "autoscaling/v2": ("HorizontalPodAutoscaler",),
    "batch/v1": (
        "CronJob",
        "Job",
    ),
    "networking.k8s.io/v1": (
        "Ingress",
        "IngressClass",
        "NetworkPolicy",
    ),
    "policy/v1": ("PodDisruptionBudget",),
    "rbac.authorization.k8s.io/v1": (
        "ClusterRole",
        "ClusterRoleBinding",
        "Role",
        "RoleBinding",
    ),
    "v1": (
        "ConfigMap",
        "Endpoints",
        "LimitRange",
        "Namespace",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Pod",
        "PodTemplate",
        "ReplicationController",
        "ResourceQuota",
        "Secret",
        "Service",
        "ServiceAccount",
    ),
}
"""The kinds that are checked, by version of the API; each is a type of its own name below."""

# fmt: off
TYPES = """
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AggregationRule clusterRoleSelectors:[]LabelSelector
AppArmorProfile localhostProfile:text type:text
CSIVolumeSource driver:text fsType:text nodePublishSecretRef:LocalObjectReference readOnly:flag
  volumeAttributes:{}text
Capabilities add:[]text drop:[]text
ClientIPConfig timeoutSeconds:whole
ClusterRole aggregationRule:AggregationRule apiVersion:text kind:text metadata:ObjectMeta
  rules:[]PolicyRule
ClusterRoleBinding apiVersion:text kind:text metadata:ObjectMeta roleRef:RoleRef subjects:[]Subject
ClusterTrustBundleProjection labelSelector:LabelSelector name:text optional:flag path:text signerName:text
ConfigMap apiVersion:text binaryData:{}bytes data:{}text immutable:flag kind:text metadata:ObjectMeta
ConfigMapEnvSource name:text optional:flag
ConfigMapKeySelector key:text name:text optional:flag
ConfigMapProjection items:[]KeyToPath name:text optional:flag
ConfigMapVolumeSource defaultMode:whole items:[]KeyToPath name:text optional:flag
Container args:[]text command:[]text env:[]EnvVar envFrom:[]EnvFromSource image:text imagePullPolicy:text
  lifecycle:Lifecycle livenessProbe:Probe name:text ports:[]ContainerPort readinessProbe:Probe
  resizePolicy:[]ContainerResizePolicy resources:ResourceRequirements restartPolicy:text
  restartPolicyRules:[]ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:flag
  stdinOnce:flag terminationMessagePath:text terminationMessagePolicy:text tty:flag
  volumeDevices:[]VolumeDevice volumeMounts:[]VolumeMount workingDir:text
ContainerPort containerPort:whole hostIP:text hostPort:whole name:text protocol:text
ContainerResizePolicy resourceName:text restartPolicy:text
ContainerResourceMetricSource container:text name:text target:MetricTarget
ContainerRestartRule action:text exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator:text values:[]whole
ControllerRevision apiVersion:text data:any kind:text metadata:ObjectMeta revision:whole
CronJob apiVersion:text kind:text metadata:ObjectMeta spec:CronJobSpec status:any
CronJobSpec concurrencyPolicy:text failedJobsHistoryLimit:whole jobTemplate:JobTemplateSpec schedule:text
  startingDeadlineSeconds:whole successfulJobsHistoryLimit:whole suspend:flag timeZone:text
CrossVersionObjectReference apiVersion:text kind:text name:text
DaemonSet apiVersion:text kind:text metadata:ObjectMeta spec:DaemonSetSpec status:any
DaemonSetSpec minReadySeconds:whole revisionHistoryLimit:whole selector:LabelSelector
  template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy
DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet type:text
Deployment apiVersion:text kind:text metadata:ObjectMeta spec:DeploymentSpec status:any
DeploymentSpec minReadySeconds:whole paused:flag progressDeadlineSeconds:whole replicas:whole
  revisionHistoryLimit:whole selector:LabelSelector strategy:DeploymentStrategy template:PodTemplateSpec
DeploymentStrategy rollingUpdate:RollingUpdateDeployment type:text
DownwardAPIProjection items:[]DownwardAPIVolumeFile
DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:whole path:text
  resourceFieldRef:ResourceFieldSelector
DownwardAPIVolumeSource defaultMode:whole items:[]DownwardAPIVolumeFile
EmptyDirVolumeSource medium:text sizeLimit:quantity
EndpointAddress hostname:text ip:text nodeName:text targetRef:ObjectReference
EndpointPort appProtocol:text name:text port:whole protocol:text
EndpointSubset addresses:[]EndpointAddress notReadyAddresses:[]EndpointAddress ports:[]EndpointPort
Endpoints apiVersion:text kind:text metadata:ObjectMeta subsets:[]EndpointSubset
EnvFromSource configMapRef:ConfigMapEnvSource prefix:text secretRef:SecretEnvSource
EnvVar name:text value:text valueFrom:EnvVarSource
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector
  resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer args:[]text command:[]text env:[]EnvVar envFrom:[]EnvFromSource image:text
  imagePullPolicy:text lifecycle:Lifecycle livenessProbe:Probe name:text ports:[]ContainerPort
  readinessProbe:Probe resizePolicy:[]ContainerResizePolicy resources:ResourceRequirements
  restartPolicy:text restartPolicyRules:[]ContainerRestartRule securityContext:SecurityContext
  startupProbe:Probe stdin:flag stdinOnce:flag targetContainerName:text terminationMessagePath:text
  terminationMessagePolicy:text tty:flag volumeDevices:[]VolumeDevice volumeMounts:[]VolumeMount
  workingDir:text
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
ExecAction command:[]text
ExternalMetricSource metric:MetricIdentifier target:MetricTarget
FileKeySelector key:text optional:flag path:text volumeName:text
GRPCAction port:whole service:text
HPAScalingPolicy periodSeconds:whole type:text value:whole
HPAScalingRules policies:[]HPAScalingPolicy selectPolicy:text stabilizationWindowSeconds:whole
  tolerance:quantity
HTTPGetAction host:text httpHeaders:[]HTTPHeader path:text port:port scheme:text
HTTPHeader name:text value:text
HTTPIngressPath backend:IngressBackend path:text pathType:text
HTTPIngressRuleValue paths:[]HTTPIngressPath
HorizontalPodAutoscaler apiVersion:text kind:text metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec
  status:any
HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas:whole
  metrics:[]MetricSpec minReplicas:whole scaleTargetRef:CrossVersionObjectReference
HostAlias hostnames:[]text ip:text
HostPathVolumeSource path:text type:text
IPBlock cidr:text except:[]text
ImageVolumeSource pullPolicy:text reference:text
Ingress apiVersion:text kind:text metadata:ObjectMeta spec:IngressSpec status:any
IngressBackend resource:TypedLocalObjectReference service:IngressServiceBackend
IngressClass apiVersion:text kind:text metadata:ObjectMeta spec:IngressClassSpec
IngressClassParametersReference apiGroup:text kind:text name:text namespace:text scope:text
IngressClassSpec controller:text parameters:IngressClassParametersReference
IngressRule host:text http:HTTPIngressRuleValue
IngressServiceBackend name:text port:ServiceBackendPort
IngressSpec defaultBackend:IngressBackend ingressClassName:text rules:[]IngressRule tls:[]IngressTLS
IngressTLS hosts:[]text secretName:text
Job apiVersion:text kind:text metadata:ObjectMeta spec:JobSpec status:any
JobSpec activeDeadlineSeconds:whole backoffLimit:whole backoffLimitPerIndex:whole completionMode:text
  completions:whole managedBy:text manualSelector:flag maxFailedIndexes:whole parallelism:whole
  podFailurePolicy:PodFailurePolicy podReplacementPolicy:text selector:LabelSelector
  successPolicy:SuccessPolicy suspend:flag template:PodTemplateSpec ttlSecondsAfterFinished:whole
JobTemplateSpec metadata:ObjectMeta spec:JobSpec
KeyToPath key:text mode:whole path:text
LabelSelector matchExpressions:[]LabelSelectorRequirement matchLabels:{}text
LabelSelectorRequirement key:text operator:text values:[]text
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:text
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
LimitRange apiVersion:text kind:text metadata:ObjectMeta spec:LimitRangeSpec
LimitRangeItem default:{}quantity defaultRequest:{}quantity max:{}quantity maxLimitRequestRatio:{}quantity
  min:{}quantity type:text
LimitRangeSpec limits:[]LimitRangeItem
LocalObjectReference name:text
MetricIdentifier name:text selector:LabelSelector
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource
  object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type:text
MetricTarget averageUtilization:whole averageValue:quantity type:text value:quantity
NFSVolumeSource path:text readOnly:flag server:text
Namespace apiVersion:text kind:text metadata:ObjectMeta spec:NamespaceSpec status:any
NamespaceSpec finalizers:[]text
NetworkPolicy apiVersion:text kind:text metadata:ObjectMeta spec:NetworkPolicySpec
NetworkPolicyEgressRule ports:[]NetworkPolicyPort to:[]NetworkPolicyPeer
NetworkPolicyIngressRule from:[]NetworkPolicyPeer ports:[]NetworkPolicyPort
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
NetworkPolicyPort endPort:whole port:port protocol:text
NetworkPolicySpec egress:[]NetworkPolicyEgressRule ingress:[]NetworkPolicyIngressRule
  podSelector:LabelSelector policyTypes:[]text
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
  requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
NodeSelector nodeSelectorTerms:[]NodeSelectorTerm
NodeSelectorRequirement key:text operator:text values:[]text
NodeSelectorTerm matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement
ObjectFieldSelector apiVersion:text fieldPath:text
ObjectMeta annotations:{}text creationTimestamp:time deletionGracePeriodSeconds:whole
  deletionTimestamp:time finalizers:[]text generateName:text generation:whole labels:{}text
  managedFields:any name:text namespace:text ownerReferences:[]OwnerReference resourceVersion:text
  selfLink:text uid:text
ObjectMetricSource describedObject:CrossVersionObjectReference metric:MetricIdentifier target:MetricTarget
ObjectReference apiVersion:text fieldPath:text kind:text name:text namespace:text resourceVersion:text
  uid:text
OwnerReference apiVersion:text blockOwnerDeletion:flag controller:flag kind:text name:text uid:text
PersistentVolume apiVersion:text kind:text metadata:ObjectMeta spec:any status:any
PersistentVolumeClaim apiVersion:text kind:text metadata:ObjectMeta spec:PersistentVolumeClaimSpec
  status:any
PersistentVolumeClaimSpec accessModes:[]text dataSource:TypedLocalObjectReference
  dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector
  storageClassName:text volumeAttributesClassName:text volumeMode:text volumeName:text
PersistentVolumeClaimTemplate metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource claimName:text readOnly:flag
Pod apiVersion:text kind:text metadata:ObjectMeta spec:PodSpec status:any
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
  requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[]text mismatchLabelKeys:[]text
  namespaceSelector:LabelSelector namespaces:[]text topologyKey:text
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
  requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
PodCertificateProjection certificateChainPath:text credentialBundlePath:text keyPath:text keyType:text
  maxExpirationSeconds:whole signerName:text
PodDNSConfig nameservers:[]text options:[]PodDNSConfigOption searches:[]text
PodDNSConfigOption name:text value:text
PodDisruptionBudget apiVersion:text kind:text metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:any
PodDisruptionBudgetSpec maxUnavailable:port minAvailable:port selector:LabelSelector
  unhealthyPodEvictionPolicy:text
PodFailurePolicy rules:[]PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement containerName:text operator:text values:[]whole
PodFailurePolicyOnPodConditionsPattern status:any type:text
PodFailurePolicyRule action:text onExitCodes:PodFailurePolicyOnExitCodesRequirement
  onPodConditions:[]PodFailurePolicyOnPodConditionsPattern
PodOS name:text
PodReadinessGate conditionType:text
PodResourceClaim name:text resourceClaimName:text resourceClaimTemplateName:text
PodSchedulingGate name:text
PodSecurityContext appArmorProfile:AppArmorProfile fsGroup:whole fsGroupChangePolicy:text runAsGroup:whole
  runAsNonRoot:flag runAsUser:whole seLinuxChangePolicy:text seLinuxOptions:SELinuxOptions
  seccompProfile:SeccompProfile supplementalGroups:[]whole supplementalGroupsPolicy:text sysctls:[]Sysctl
  windowsOptions:WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:whole affinity:Affinity automountServiceAccountToken:flag
  containers:[]Container dnsConfig:PodDNSConfig dnsPolicy:text enableServiceLinks:flag
  ephemeralContainers:[]EphemeralContainer hostAliases:[]HostAlias hostIPC:flag hostNetwork:flag
  hostPID:flag hostUsers:flag hostname:text hostnameOverride:text imagePullSecrets:[]LocalObjectReference
  initContainers:[]Container nodeName:text nodeSelector:{}text os:PodOS overhead:{}quantity
  preemptionPolicy:text priority:whole priorityClassName:text readinessGates:[]PodReadinessGate
  resourceClaims:[]PodResourceClaim resources:ResourceRequirements restartPolicy:text
  runtimeClassName:text schedulerName:text schedulingGates:[]PodSchedulingGate
  securityContext:PodSecurityContext serviceAccount:text serviceAccountName:text setHostnameAsFQDN:flag
  shareProcessNamespace:flag subdomain:text terminationGracePeriodSeconds:whole tolerations:[]Toleration
  topologySpreadConstraints:[]TopologySpreadConstraint volumes:[]Volume
PodTemplate apiVersion:text kind:text metadata:ObjectMeta template:PodTemplateSpec
PodTemplateSpec metadata:ObjectMeta spec:PodSpec
PodsMetricSource metric:MetricIdentifier target:MetricTarget
PolicyRule apiGroups:[]text nonResourceURLs:[]text resourceNames:[]text resources:[]text verbs:[]text
PreferredSchedulingTerm preference:NodeSelectorTerm weight:whole
Probe exec:ExecAction failureThreshold:whole grpc:GRPCAction httpGet:HTTPGetAction
  initialDelaySeconds:whole periodSeconds:whole successThreshold:whole tcpSocket:TCPSocketAction
  terminationGracePeriodSeconds:whole timeoutSeconds:whole
ProjectedVolumeSource defaultMode:whole sources:[]VolumeProjection
ReplicaSet apiVersion:text kind:text metadata:ObjectMeta spec:ReplicaSetSpec status:any
ReplicaSetSpec minReadySeconds:whole replicas:whole selector:LabelSelector template:PodTemplateSpec
ReplicationController apiVersion:text kind:text metadata:ObjectMeta spec:ReplicationControllerSpec
  status:any
ReplicationControllerSpec minReadySeconds:whole replicas:whole selector:{}text template:PodTemplateSpec
ResourceClaim name:text request:text
ResourceFieldSelector containerName:text divisor:quantity resource:text
ResourceMetricSource name:text target:MetricTarget
ResourceQuota apiVersion:text kind:text metadata:ObjectMeta spec:ResourceQuotaSpec status:any
ResourceQuotaSpec hard:{}quantity scopeSelector:ScopeSelector scopes:[]text
ResourceRequirements claims:[]ResourceClaim limits:{}quantity requests:{}quantity
Role apiVersion:text kind:text metadata:ObjectMeta rules:[]PolicyRule
RoleBinding apiVersion:text kind:text metadata:ObjectMeta roleRef:RoleRef subjects:[]Subject
RoleRef apiGroup:text kind:text name:text
RollingUpdateDaemonSet maxSurge:port maxUnavailable:port
RollingUpdateDeployment maxSurge:port maxUnavailable:port
RollingUpdateStatefulSetStrategy maxUnavailable:port partition:whole
SELinuxOptions level:text role:text type:text user:text
ScopeSelector matchExpressions:[]ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement operator:text scopeName:text values:[]text
SeccompProfile localhostProfile:text type:text
Secret apiVersion:text data:{}bytes immutable:flag kind:text metadata:ObjectMeta stringData:{}text
  type:text
SecretEnvSource name:text optional:flag
SecretKeySelector key:text name:text optional:flag
SecretProjection items:[]KeyToPath name:text optional:flag
SecretVolumeSource defaultMode:whole items:[]KeyToPath optional:flag secretName:text
SecurityContext allowPrivilegeEscalation:flag appArmorProfile:AppArmorProfile capabilities:Capabilities
  privileged:flag procMount:text readOnlyRootFilesystem:flag runAsGroup:whole runAsNonRoot:flag
  runAsUser:whole seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
  windowsOptions:WindowsSecurityContextOptions
Service apiVersion:text kind:text metadata:ObjectMeta spec:ServiceSpec status:any
ServiceAccount apiVersion:text automountServiceAccountToken:flag imagePullSecrets:[]LocalObjectReference
  kind:text metadata:ObjectMeta secrets:[]ObjectReference
ServiceAccountTokenProjection audience:text expirationSeconds:whole path:text
ServiceBackendPort name:text number:whole
ServicePort appProtocol:text name:text nodePort:whole port:whole protocol:text targetPort:port
ServiceSpec allocateLoadBalancerNodePorts:flag clusterIP:text clusterIPs:[]text externalIPs:[]text
  externalName:text externalTrafficPolicy:text healthCheckNodePort:whole internalTrafficPolicy:text
  ipFamilies:[]text ipFamilyPolicy:text loadBalancerClass:text loadBalancerIP:text
  loadBalancerSourceRanges:[]text ports:[]ServicePort publishNotReadyAddresses:flag selector:{}text
  sessionAffinity:text sessionAffinityConfig:SessionAffinityConfig trafficDistribution:text type:text
SessionAffinityConfig clientIP:ClientIPConfig
SleepAction seconds:whole
StatefulSet apiVersion:text kind:text metadata:ObjectMeta spec:StatefulSetSpec status:any
StatefulSetOrdinals start:whole
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:text whenScaled:text
StatefulSetSpec minReadySeconds:whole ordinals:StatefulSetOrdinals
  persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
  podManagementPolicy:text replicas:whole revisionHistoryLimit:whole selector:LabelSelector
  serviceName:text template:PodTemplateSpec updateStrategy:StatefulSetUpdateStrategy
  volumeClaimTemplates:[]PersistentVolumeClaim
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type:text
Subject apiGroup:text kind:text name:text namespace:text
SuccessPolicy rules:[]SuccessPolicyRule
SuccessPolicyRule succeededCount:whole succeededIndexes:text
Sysctl name:text value:text
TCPSocketAction host:text port:port
Toleration effect:text key:text operator:text tolerationSeconds:whole value:text
TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[]text maxSkew:whole minDomains:whole
  nodeAffinityPolicy:text nodeTaintsPolicy:text topologyKey:text whenUnsatisfiable:text
TypedLocalObjectReference apiGroup:text kind:text name:text
TypedObjectReference apiGroup:text kind:text name:text namespace:text
Volume awsElasticBlockStore:any azureDisk:any azureFile:any cephfs:any cinder:any
  configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource
  emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:any flexVolume:any flocker:any
  gcePersistentDisk:any gitRepo:any glusterfs:any hostPath:HostPathVolumeSource image:ImageVolumeSource
  iscsi:any name:text nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource
  photonPersistentDisk:any portworxVolume:any projected:ProjectedVolumeSource quobyte:any rbd:any
  scaleIO:any secret:SecretVolumeSource storageos:any vsphereVolume:any
VolumeDevice devicePath:text name:text
VolumeMount mountPath:text mountPropagation:text name:text readOnly:flag recursiveReadOnly:text
  subPath:text subPathExpr:text
VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection
  downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection secret:SecretProjection
  serviceAccountToken:ServiceAccountTokenProjection
VolumeResourceRequirements limits:{}quantity requests:{}quantity
WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm weight:whole
WindowsSecurityContextOptions gmsaCredentialSpec:text gmsaCredentialSpecName:text hostProcess:flag
  runAsUserName:text
"""
"""A type, and its fields with their types: ``text flag whole number quantity port time bytes any``, another
type, ``[]`` for a list and ``{}`` for a mapping of one."""
