// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Delivery } from "../src/interfaces/ICopyRegistry.sol";
import { ParentRef } from "../src/interfaces/IModelRegistry.sol";
import { SignedVoucher } from "../src/interfaces/IUserLedger.sol";
import { Quote } from "../src/lib/Quotes.sol";
import { Receipt, Report } from "../src/lib/Receipts.sol";
import { SumNode, SumTree } from "../src/lib/SumTree.sol";
import { CopyId, ModelId } from "../src/lib/Types.sol";
import { MintableUSD, PlainUSD } from "./helpers/Harness.sol";
import { ServingBase } from "./helpers/ServingBase.sol";

/// @notice Gas of each step of the main story with the production profile, written to snapshots/ and committed:
/// FOUNDRY_PROFILE=production forge test
contract GasTest is ServingBase {
    function setUp() public override {
        _deploy();
        _fund(CREATOR, address(origins), 100 * ORIGIN_BOND);
        _fund(DERIVER, address(origins), 100 * ORIGIN_BOND);
    }

    /// @dev Nobody pays the bonds for the accounts.
    function _token() internal override returns (MintableUSD) {
        return new PlainUSD();
    }

    /// forge-config: production.isolate = true
    function test_gas() public {
        root = _root();
        vm.snapshotGasLastCall("register");
        ModelId child = _register(DERIVER, _terms(), _refs(root));
        vm.snapshotGasLastCall("register with a parent");

        _active(BUYER, child);
        Quote memory quote = _quote(BUYER, child);
        quote.fee = 1e6;
        bytes memory signature = _signQuote(quote);
        _fund(BUYER, address(copyRegistry), 76e6);
        vm.prank(BUYER);
        copyId = copyRegistry.order(quote, signature);
        vm.snapshotGasLastCall("order");
        Delivery memory delivery = _delivery();
        vm.prank(MINTER);
        copyRegistry.deliver(copyId, delivery);
        vm.snapshotGasLastCall("deliver");
        vm.prank(BUYER);
        copyRegistry.accept(copyId);
        vm.snapshotGasLastCall("accept");

        _accrue();
        treasury.claim(child, DERIVER);
        vm.snapshotGasLastCall("claim (first, into an empty wallet)");
        _pay(child, 10e6);
        _accrue();
        treasury.claim(child, DERIVER);
        vm.snapshotGasLastCall("claim");

        _serve();

        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.snapshotGasLastCall("close");
        vm.warp(START + 30 days);
        copyRegistry.withdraw(copyId);
        vm.snapshotGasLastCall("withdraw");
    }

    /// @dev Models with 3 and with 16 ancestors that earn, and a second payment in an epoch for each.
    /// forge-config: production.isolate = true
    function test_gas_lineage() public {
        root = _root();
        ModelId[] memory family = new ModelId[](16);
        for (uint256 i; i < 16; ++i) {
            family[i] =
                _register(CREATOR, _termsWith(300, DERIVE | FREE_TO_DERIVE), i == 0 ? _refs() : _refs(family[i - 1]));
        }
        ParentRef[] memory refs = _refs(family[2]);
        ModelId three = _register(DERIVER, _termsWith(300, DERIVE), refs);
        vm.snapshotGasLastCall("register with 3 ancestors");
        refs = _refs(family[15]);
        ModelId sixteen = _register(DERIVER, _termsWith(300, DERIVE), refs);
        vm.snapshotGasLastCall("register with 16 ancestors");
        _pay(sixteen, 10e6);
        vm.snapshotGasLastCall("pay with 16 ancestors (first)");
        _paySecond(sixteen);
        vm.snapshotGasLastCall("pay with 16 ancestors");
        _pay(three, 10e6);
        _paySecond(three);
        vm.snapshotGasLastCall("pay with 3 ancestors");
        _pay(root, 10e6);
        _paySecond(root);
        vm.snapshotGasLastCall("pay");
        for (uint256 i = 4; i < 8; ++i) {
            vm.prank(COURT);
            origins.enter(three, 1, family[i], _modelId(0));
        }
        vm.snapshotGasLastCall("enter an ancestor (fourth)");
        _pay(three, 10e6);
        _paySecond(three);
        vm.snapshotGasLastCall("pay with 3 ancestors and 4 entered");
        vm.warp(block.timestamp + 90 days);
        origins.claim(root, 1);
        vm.snapshotGasLastCall("claim a bond");
    }

    function _paySecond(ModelId id) private {
        _fund(BUYER, address(treasury), 10e6);
        vm.prank(BUYER);
        treasury.pay(id, 10e6, MINTER);
    }

    /// @dev A host of a root reports, and settles the vouchers of twenty users, who signed before.
    /// forge-config: production.isolate = true
    function test_gas_users() public {
        root = _root();
        copyId = _active(BUYER, root);
        _deposit(copyId, 100e6);
        epoch = protocol.epoch();
        _afterEpoch();
        _file(Report(copyId, epoch, 1, 1000, MANIFEST_ROOT));
        vm.snapshotGasLastCall("report (first payment of an epoch)");
        _settle(1);
        vm.snapshotGasLastCall("settle 20 vouchers (first)");
        ++epoch;
        _afterEpoch();
        _pay(root, 10e6);
        _file(Report(copyId, epoch, 1, 1000, MANIFEST_ROOT));
        vm.snapshotGasLastCall("report");
        _settle(2);
        vm.snapshotGasLastCall("settle 20 vouchers");
        ++epoch;
        _afterEpoch();
        SignedVoucher[] memory vouchers = _vouchers(3);
        vm.prank(BUYER);
        users.reportAndSettle(Report(copyId, epoch, 1, 1000, MANIFEST_ROOT), vouchers);
        vm.snapshotGasLastCall("report and settle 20 vouchers");
    }

    function _settle(uint64 times) private {
        SignedVoucher[] memory vouchers = _vouchers(times);
        vm.prank(BUYER);
        users.settle(copyId, vouchers);
    }

    function _vouchers(uint64 times) private returns (SignedVoucher[] memory vouchers) {
        vouchers = new SignedVoucher[](20);
        for (uint256 i; i < vouchers.length; ++i) {
            address user = vm.addr(0x05e0 + i);
            if (times == 1) {
                _fund(user, address(users), 10e6);
                vm.prank(user);
                users.deposit(10e6);
                vm.prank(user);
                users.reserve(copyId, 10e6);
            }
            bytes32 digest = users.voucherDigest(copyId, user, 10 * times, 1e6 * times);
            vouchers[i] = SignedVoucher(user, 10 * times, 1e6 * times, _signature(0x05e0 + i, digest));
        }
    }

    /// @dev A first and a second report, and a challenge of a receipt as missing from the second.
    function _serve() private {
        vm.prank(BUYER);
        ledger.openDeployment(copyId, URL, 2000, OPERATOR, CAP);
        vm.snapshotGasLastCall("open a deployment");
        _deposit(copyId, 100e6);
        vm.snapshotGasLastCall("deposit");
        epoch = protocol.epoch();
        _afterEpoch();
        _file(Report(copyId, epoch, 1, 1, MANIFEST_ROOT));
        vm.snapshotGasLastCall("report (first)");
        ++epoch;
        (Receipt memory receipt, SumNode[] memory siblings) = (_receipt(0), new SumNode[](20));
        SumNode memory top = _leaf(receipt);
        for (uint64 i; i < siblings.length; ++i) {
            siblings[i] = i == 0 ? _leaf(_receipt(1)) : SumNode(keccak256(abi.encode(i)), uint64(1) << i);
            top.hash = SumTree.nodeOf(top.hash, top.sum, siblings[i].hash, siblings[i].sum);
            top.sum += siblings[i].sum;
        }
        Report memory filed = Report({
            copyId: copyId, epoch: epoch, count: 1 << 20, units: 1 << 20, receiptsRoot: SumTree.rootOf(1 << 20, top)
        });
        _deposit(copyId, 1e9 << 1);
        _fund(HOLDER, address(copyRegistry), 20e9);
        vm.prank(HOLDER);
        copyRegistry.addCollateral(copyId, 20e9);
        _afterEpoch();
        _file(filed);
        vm.snapshotGasLastCall("report (a million receipts)");
        _afterGrace();
        _answeredBefore(receipt, filed, siblings);
        _challenge(receipt, filed);
        court.answer(filed, receipt, siblings);
        vm.snapshotGasLastCall("challenge (missing, answered)");
    }

    /// @dev The first challenge of a copy writes storage that later ones change.
    function _answeredBefore(Receipt memory receipt, Report memory filed, SumNode[] memory siblings) private {
        Receipt memory earlier = abi.decode(abi.encode(receipt), (Receipt));
        earlier.index = 1;
        _missing(CHALLENGER, earlier, filed);
        SumNode memory own = siblings[0];
        siblings[0] = _leaf(receipt);
        court.answer(filed, earlier, siblings);
        siblings[0] = own;
    }

    function _challenge(Receipt memory receipt, Report memory filed) private {
        bytes memory signature = _sign(receipt);
        bytes32 commitment = court.commitmentOf(CHALLENGER, ledger.requireReceipt(receipt, signature), SALT);
        _bond(CHALLENGER);
        vm.prank(CHALLENGER);
        court.commit(commitment);
        vm.snapshotGasLastCall("challenge (committed)");
        _blocks(2);
        vm.prank(CHALLENGER);
        court.missing(receipt, signature, filed, SALT);
        vm.snapshotGasLastCall("challenge (missing, revealed)");
    }
}
