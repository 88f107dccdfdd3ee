## A template: .ci/release/package.py fills it in for each release. Ruby reads it as it stands.
class Immutably < Formula
  desc "Version Kubernetes ConfigMaps and Secrets by a hash of their content"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/immutably-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/immutably-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/immutably-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256 aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/immutably-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256 x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "immutably"
    man1.install "man/immutably.1"
    bash_completion.install "completions/immutably.bash" => "immutably"
    zsh_completion.install "completions/_immutably"
    fish_completion.install "completions/immutably.fish"
    # `helm plugin install "$(brew --prefix immutably)/share/immutably/helm"`
    pkgshare.install "helm"
  end

  test do
    (testpath/"web.yaml").write <<~YAML
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
      data:
        LOG_LEVEL: info
    YAML
    assert_match(/^  name: web-[a-z0-9]{10}$/, shell_output("#{bin}/immutably --quiet web.yaml"))
  end
end
