// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ProverRegistry } from "../../src/court/ProverRegistry.sol";
import { IProverRegistry, Shown } from "../../src/interfaces/IProverRegistry.sol";
import { IUsageLedger } from "../../src/interfaces/IUsageLedger.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { SumNode, SumTree } from "../../src/lib/SumTree.sol";
import { ServingBase } from "../helpers/ServingBase.sol";
import { Tree } from "../helpers/Tree.sol";

/// @notice A host that served eight tests of a prover and reported them.
contract CoverTest is ServingBase {
    using Receipts for Receipt;

    uint64 private constant TESTS = 8;
    uint64 private constant UNITS = 1000;
    address private constant PROVER = address(0x9000);

    ProverRegistry private provers;
    Receipt[] private receipts;
    Report private filed;

    function setUp() public override {
        super.setUp();
        provers = new ProverRegistry(usd, protocol, ledger, address(this));
        usd.mint(address(provers), 1000e6);
        vm.prank(OWNER);
        provers.admit(PROVER, true);
        _fund(PROVER, address(provers), 1000e6);
        vm.prank(PROVER);
        provers.stake(1000e6);
        _afterEpoch();
        ++epoch;
        for (uint64 i; i < TESTS; ++i) {
            Receipt memory receipt = _receipt(i);
            receipt.units = UNITS;
            receipts.push(receipt);
        }
        filed = Report(copyId, epoch, TESTS, TESTS * UNITS, keccak256("sum tree"));
        _fund(HOLDER, address(copyRegistry), 1000e6);
        vm.prank(HOLDER);
        copyRegistry.addCollateral(copyId, 1000e6);
        _afterEpoch();
    }

    function test_error_NotListed() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotListed.selector, STRANGER));
        vm.prank(STRANGER);
        provers.cover(epoch, 1, SALT);
    }

    function test_error_CoverageEpoch() public {
        _expectNoEpoch(epoch - 1, epoch);
        _expectNoEpoch(epoch + 1, epoch);
        _cover(_leaves());
        _expectNoEpoch(epoch, epoch + 1);
        vm.warp(block.timestamp + 4 days);
        ++epoch;
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageEpoch.selector, epoch, epoch + 2, epoch + 3));
        vm.prank(PROVER);
        provers.cover(epoch, 1, SALT);
    }

    function test_error_CoverageEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageEmpty.selector));
        vm.prank(PROVER);
        provers.cover(epoch, 0, SALT);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageEmpty.selector));
        vm.prank(PROVER);
        provers.cover(epoch, 1, 0);
    }

    function test_error_BlockPending() public {
        vm.prank(PROVER);
        provers.cover(epoch, 8, SALT);
        _blocks(2);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.BlockPending.selector, 3, 4));
        provers.drawnLeaves(PROVER);
    }

    function test_error_CoverageLapsed() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageLapsed.selector, STRANGER, 1, 256));
        provers.drawnLeaves(STRANGER);
        _cover(_leaves());
        _blocks(256);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageLapsed.selector, PROVER, 260, 259));
        provers.drawnLeaves(PROVER);
    }

    function test_error_ShownCount() public {
        _cover(_leaves());
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ShownCount.selector, 3, 4));
        vm.prank(PROVER);
        provers.show(new Shown[](3));
    }

    /// The fee is the host's to earn: the pool's cut of what it paid for the epoch.
    function test_default() public {
        _file(filed);
        _cover(_leaves());
        Shown[] memory shown = _shown(_leaves());
        vm.prank(PROVER);
        uint256 fee = provers.show(shown);
        vm.assertEq(fee, 0.2e6, "2.5 % of 8,000 tokens at 1,000 USDC a million");
        vm.assertEq(provers.earnedFrom(copyId, epoch), 0.2e6, "all that the host's receipts can earn");
        vm.assertEq(provers.claim(PROVER), 0.2e6, "claimed");
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageLapsed.selector, PROVER, 4, 256));
        vm.prank(PROVER);
        provers.show(shown);
    }

    /// A large host earns a prover no more than the fee.
    function test_behavior_atMostTheFee() public {
        filed.units = 50_000;
        _file(filed);
        _cover(_leaves());
        Shown[] memory shown = _shown(_leaves());
        vm.prank(PROVER);
        vm.assertEq(provers.show(shown), 1e6, "the coverage fee");
    }

    /// Attack 19: a constant root, once an epoch.
    function test_audit_19_nothingIsPaidForNothing() public {
        _file(filed);
        bytes[] memory leaves = _leaves();
        Shown[] memory shown = _shownAt(leaves, 0);
        vm.prank(PROVER);
        provers.cover(epoch, 1000, bytes32(uint256(1)));
        _blocks(3);
        uint64 first = provers.drawnLeaves(PROVER)[0];
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ShownInvalid.selector, 0, first));
        vm.prank(PROVER);
        provers.show(shown);
        vm.assertEq(provers.earned(PROVER), 0, "it ends with no more than it began");
        vm.assertEq(provers.pool(), 1000e6, "the pool is whole");
    }

    /// Attack: one receipt fills the whole report.
    function test_audit_19_oneReceiptIsShownOnce() public {
        _file(filed);
        bytes[] memory leaves = new bytes[](8);
        for (uint256 i; i < 8; ++i) {
            leaves[i] = abi.encode(receipts[0].hash());
        }
        _cover(leaves);
        Shown[] memory shown = new Shown[](4);
        for (uint256 i; i < 4; ++i) {
            shown[i] =
                Shown(receipts[0], _sign(receipts[0]), filed, Tree.proofOf(leaves, provers.drawnLeaves(PROVER)[i]));
        }
        uint64 second = provers.drawnLeaves(PROVER)[1];
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ShownInvalid.selector, 1, second));
        vm.prank(PROVER);
        provers.show(shown);
    }

    /// Attack: receipts that the prover signs itself.
    function test_audit_19_receiptsAreSignedByHosts() public {
        _file(filed);
        bytes[] memory leaves = _leaves();
        _cover(leaves);
        Shown[] memory shown = _shown(leaves);
        shown[0].signature = _sign(0xbad, shown[0].receipt);
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.OperatorUnknown.selector, copyId, vm.addr(0xbad), epoch));
        vm.prank(PROVER);
        provers.show(shown);
    }

    /// Attack: a host pays itself through a prover of its own. It gets back less than the cut that it paid.
    function test_audit_19_aHostFarmsNothing(uint32 units) public {
        filed.units = uint64(_bound(units, TESTS, 100_000));
        uint256 paid = ledger.feeOf(copyId, filed.units);
        _file(filed);
        _cover(_leaves());
        Shown[] memory shown = _shown(_leaves());
        vm.prank(PROVER);
        vm.assertLe(provers.show(shown) * 40, paid, "at most the pool's cut of 2.5 %");
    }

    /// A host that reports nothing, or another report, earns provers nothing.
    function test_behavior_unreported() public {
        _cover(_leaves());
        Shown[] memory shown = _shown(_leaves());
        vm.prank(PROVER);
        vm.assertEq(provers.show(shown), 0, "nothing was paid for the epoch");
    }

    function _leaves() private view returns (bytes[] memory leaves) {
        leaves = new bytes[](TESTS);
        for (uint256 i; i < TESTS; ++i) {
            leaves[i] = abi.encode(receipts[i].hash());
        }
    }

    function _cover(bytes[] memory leaves) private {
        vm.prank(PROVER);
        provers.cover(epoch, uint64(leaves.length), Tree.rootOf(leaves));
        _blocks(3);
    }

    function _shown(bytes[] memory leaves) private view returns (Shown[] memory shown) {
        uint64[] memory drawn = provers.drawnLeaves(PROVER);
        shown = new Shown[](drawn.length);
        for (uint256 i; i < drawn.length; ++i) {
            Receipt memory receipt = receipts[drawn[i]];
            shown[i] = Shown(receipt, _sign(receipt), filed, Tree.proofOf(leaves, drawn[i]));
        }
    }

    function _shownAt(bytes[] memory leaves, uint256 index) private view returns (Shown[] memory shown) {
        shown = new Shown[](4);
        for (uint256 i; i < 4; ++i) {
            shown[i] = Shown(receipts[index], _sign(receipts[index]), filed, Tree.proofOf(leaves, index));
        }
    }

    function _expectNoEpoch(uint64 asked, uint64 first) private {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageEpoch.selector, asked, first, epoch));
        vm.prank(PROVER);
        provers.cover(asked, 1, SALT);
    }
}
