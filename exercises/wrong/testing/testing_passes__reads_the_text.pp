# The mode is looked for in the text of the manifest, so whoever writes it in other words fails.
# --- cell: testing_spec
%%file modules/beacon/spec/classes/beacon_spec.rb
require 'spec_helper'

describe 'beacon' do
  let(:facts) { { 'os' => { 'family' => 'Debian' } } }

  it { is_expected.to compile.with_all_deps }
  it 'has the mode in its text' do
    expect(File.read(File.expand_path('../../manifests/init.pp', __dir__))).to match(/mode +=> '0640'/)
  end
  it { is_expected.to contain_file('/etc/default/beacon').that_notifies('Service[beacon]') }

  context 'with another port' do
    let(:params) { { 'port' => 9000 } }

    it { is_expected.to contain_file('/etc/default/beacon').with_content("PORT=9000\n") }
  end

  context 'with a port that is not allowed' do
    let(:params) { { 'port' => 80 } }

    it { is_expected.to compile.and_raise_error(/port/) }
  end

  context 'in the Red Hat family' do
    let(:facts) { { 'os' => { 'family' => 'RedHat' } } }

    it { is_expected.to contain_file('/etc/sysconfig/beacon') }
  end
end
