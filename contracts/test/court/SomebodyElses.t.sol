// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IChallengeCourt, Opening } from "../../src/interfaces/IChallengeCourt.sol";
import { State } from "../../src/interfaces/ICopyRegistry.sol";
import { IKeyLedger } from "../../src/interfaces/IKeyLedger.sol";
import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { IndexedMerkle } from "../../src/lib/IndexedMerkle.sol";
import { Receipt, Receipts } from "../../src/lib/Receipts.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { ServingBase } from "../helpers/ServingBase.sol";

/// @notice BUYER serves a leaked copy of another model under the licence for this one. 16 consecutive answers equal the
/// leaves of the other copy.
contract SomebodyElsesTest is ServingBase {
    uint64 private constant LEAVES = 16;
    bytes32 private constant PROMPT_SALT = keccak256("prompt salt");
    bytes32 private constant ANSWER = keccak256("all tokens");

    ModelId private otherModel;
    CopyId private other;
    bytes32[][5] private layers;

    function setUp() public override {
        super.setUp();
        otherModel = _register(DERIVER, _terms(), _refs());
        other = _copyOf(otherModel);
    }

    function test_error_LeavesNeeded(uint8 count) public {
        vm.assume(count != LEAVES);
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(other);
        bytes memory refused = abi.encodeWithSelector(IChallengeCourt.LeavesNeeded.selector, count, LEAVES);
        vm.expectRevert(refused);
        court.somebodyElses(receipts, signatures, new Opening[](count), other, 0, LEAVES);
        vm.expectRevert(refused);
        court.somebodyElses(new Receipt[](count), signatures, openings, other, 0, LEAVES);
        vm.expectRevert(refused);
        court.somebodyElses(receipts, new bytes[](count), openings, other, 0, LEAVES);
    }

    /// All 16 receipts must belong to the accused copy. A host of two copies is not convicted of one by answers of the
    /// other.
    function test_error_ReceiptsUnrelated(uint8 which) public {
        which = uint8(_bound(which, 1, LEAVES - 1));
        CopyId second = _active(BUYER, root);
        vm.prank(BUYER);
        ledger.openDeployment(second, URL, 0, OPERATOR);
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(other);
        receipts[which].copyId = second;
        signatures[which] = _sign(receipts[which]);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.ReceiptsUnrelated.selector));
        court.somebodyElses(receipts, signatures, openings, other, 0, LEAVES);
    }

    /// Copies of one model share keys and half of the responses, so only a case can tell them apart.
    function test_error_SameModel() public {
        CopyId sibling = _copyOf(root);
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(sibling);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.SameModel.selector, root));
        court.somebodyElses(receipts, signatures, openings, sibling, 0, LEAVES);
    }

    /// One answer that does not match its leaf rejects the challenge.
    function test_error_OpeningInvalid(uint8 which) public {
        which = which % uint8(LEAVES);
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(other);
        receipts[which].responseHash = keccak256("an answer of its own");
        signatures[which] = _sign(receipts[which]);
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.OpeningInvalid.selector, which));
        court.somebodyElses(receipts, signatures, openings, other, 0, LEAVES);
    }

    function test_error_ProofInvalid_P35() public {
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(other);
        openings[3].salt = keccak256("another salt");
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.ProofInvalid.selector, 3, LEAVES));
        court.somebodyElses(receipts, signatures, openings, other, 0, LEAVES);
    }

    /// A key can be used as evidence only once.
    function test_error_KeyBurned_P24() public {
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(other);
        vm.prank(COURT);
        keys.burn(otherModel, _key(15));
        _bond(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IKeyLedger.KeyBurned.selector, otherModel, _key(15)));
        vm.prank(CHALLENGER);
        court.somebodyElses(receipts, signatures, openings, other, 0, LEAVES);
    }

    function test_default() public {
        vm.assertEq(court.leaves(), LEAVES, "leaves");
        bytes32 offence = _challenge();
        vm.assertTrue(offence == court.foreignOffenceOf(copyId, other, 0), "offence");
        vm.assertTrue(keys.burned(otherModel, _key(0)) && keys.burned(otherModel, _key(15)), "burned");
        vm.assertEq(copyRegistry.copies(copyId).openDisputes, 1, "the collateral is locked");
        vm.warp(court.answerDeadline(offence) + 1);
        vm.assertEq(court.convict(offence), 50e6, "amount taken");
        _assertState(copyId, State.Slashed);
        _assertState(other, State.Active);
        vm.assertEq(treasury.credit(CHALLENGER), 20e6 + CHALLENGE_BOND, "reward and bond");
    }

    /// A model that descends from the other one may have inherited its fingerprints.
    function test_behavior_answeredByDescent() public {
        ModelId child = _register(DERIVER, _terms(), _refs(otherModel));
        ModelId grandchild = _register(DERIVER, _terms(), _refs(child));
        copyId = _active(BUYER, grandchild);
        vm.prank(BUYER);
        ledger.openDeployment(copyId, URL, 0, OPERATOR);
        bytes32 offence = _challenge();

        ModelId[] memory path = new ModelId[](3);
        (path[0], path[1], path[2]) = (grandchild, child, otherModel);
        court.answerByDescent(copyId, other, 0, path);
        vm.assertEq(treasury.credit(BUYER), CHALLENGE_BOND, "the host earned the bond");
        vm.assertEq(copyRegistry.copies(copyId).openDisputes, 0, "closed");
        vm.assertEq(uint256(court.challenges(offence).state), 2, "answered");
    }

    function test_error_PathInvalid() public {
        _challenge();
        ModelId[] memory path = new ModelId[](1);
        path[0] = root;
        vm.expectRevert(abi.encodeWithSelector(IChallengeCourt.PathInvalid.selector, root, otherModel));
        court.answerByDescent(copyId, other, 0, path);

        path = new ModelId[](2);
        (path[0], path[1]) = (root, otherModel);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.EdgeUnknown.selector, root, otherModel));
        court.answerByDescent(copyId, other, 0, path);
    }

    function _challenge() private returns (bytes32) {
        (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings) = _evidence(other);
        _bond(CHALLENGER);
        vm.prank(CHALLENGER);
        return court.somebodyElses(receipts, signatures, openings, other, 0, LEAVES);
    }

    /* FINGERPRINTS */

    /// @dev An active copy with 16 fingerprints.
    function _copyOf(ModelId model) private returns (CopyId id) {
        id = _order(HOLDER, model);
        bytes32 fingerprintRoot = _buildTree(id);
        vm.prank(MINTER);
        copyRegistry.deliver(id, ARTIFACT_ROOT, fingerprintRoot);
        vm.prank(HOLDER);
        copyRegistry.accept(id);
    }

    function _key(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("key", i));
    }

    function _response(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("response", i));
    }

    function _buildTree(CopyId id) private returns (bytes32) {
        for (uint256 height; height < 5; ++height) {
            delete layers[height];
            for (uint256 i; i < LEAVES >> height; ++i) {
                layers[height].push(
                    height == 0
                        ? IndexedMerkle.leafOf(abi.encode(id, i, _key(i), _response(i), bytes32(i)))
                        : keccak256(
                            abi.encodePacked(bytes1(0x01), layers[height - 1][2 * i], layers[height - 1][2 * i + 1])
                        )
                );
            }
        }
        return keccak256(abi.encodePacked(bytes1(0x02), LEAVES, layers[4][0]));
    }

    function _evidence(CopyId id)
        private
        returns (Receipt[] memory receipts, bytes[] memory signatures, Opening[] memory openings)
    {
        _buildTree(id);
        receipts = new Receipt[](LEAVES);
        signatures = new bytes[](LEAVES);
        openings = new Opening[](LEAVES);
        for (uint256 i; i < LEAVES; ++i) {
            receipts[i] = _receipt(uint64(i));
            receipts[i].promptHash = Receipts.promptHashOf(PROMPT_SALT, _key(i));
            receipts[i].responseHash = Receipts.responseHashOf(_response(i), ANSWER);
            signatures[i] = _sign(receipts[i]);
            bytes32[] memory siblings = new bytes32[](4);
            for (uint256 height; height < 4; ++height) {
                siblings[height] = layers[height][(i >> height) ^ 1];
            }
            openings[i] = Opening(PROMPT_SALT, ANSWER, _key(i), _response(i), bytes32(i), siblings);
        }
    }
}
