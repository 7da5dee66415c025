# Only the family of one's own machine is tested.
# --- cell: testing_spec
%%file modules/beacon/spec/classes/beacon_spec.rb
require 'spec_helper'

describe 'beacon' do
  let(:facts) { { 'os' => { 'family' => 'Debian' } } }

  it { is_expected.to compile.with_all_deps }
  it { is_expected.to contain_file('/etc/default/beacon').with_mode('0640') }
  it { is_expected.to contain_file('/etc/default/beacon').that_notifies('Service[beacon]') }

  context 'with another port' do
    let(:params) { { 'port' => 9000 } }

    it { is_expected.to contain_file('/etc/default/beacon').with_content("PORT=9000\n") }
  end

  context 'with a port that is not allowed' do
    let(:params) { { 'port' => 80 } }

    it { is_expected.to compile.and_raise_error(/port/) }
  end
end
